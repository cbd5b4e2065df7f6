import type { Fault } from '../fault.ts';

const compensations = 'test/unit/workflows/compensations.test.ts';
const workflowFaults = 'test/server/workflows/faults.test.ts';
const voids = 'test/server/workflows/voids.test.ts';
const reset = 'test/server/workflows/reset.test.ts';

/** *Giving back*. */
export const givingBackFaults: readonly Fault[] = [
  {
    rule: 'what was done is undone newest first',
    file: 'src/workflows/compensations.ts',
    find: 'let undo = this.#undos.at(-1); undo !== undefined; undo = this.#undos.at(-1)',
    replace: 'let undo = this.#undos.at(0); undo !== undefined; undo = this.#undos.at(0)',
    test: compensations,
  },
  {
    rule: 'points go back only after the cancellation succeeded',
    file: 'src/workflows/compensations.ts',
    find: "if (answer === 'keep') return false;",
    replace: "if (answer === 'keep') { this.#undos.pop(); continue; }",
    test: compensations,
  },
  {
    rule: 'a restoration is registered before the points are taken',
    file: 'src/workflows/spend.ts',
    find: '  compensations.add(restoration(progress, order, () => reference));\n',
    replace: '',
    test: voids,
    name: 'gives back while the sale waits for its payment',
  },
  {
    rule: 'a cancellation is registered before the order is sent',
    file: 'src/workflows/spend.ts',
    find: '  compensations.add(cancellation(progress, sale));\n',
    replace: '',
    test: voids,
    name: 'lets the fulfilment settle that is under way',
  },
  {
    rule: 'a fulfilment that is refused gives the points back',
    file: 'src/workflows/fulfil-order.ts',
    find: "return answer.kind === 'fulfilled';",
    replace: 'return true;',
    test: 'test/server/workflows/redemption.test.ts',
    name: 'gives the points back when fulfilment is refused',
  },
  {
    rule: 'a fulfilment that does not answer for five minutes gives the points back',
    file: 'src/workflows/activities.ts',
    find: "scheduleToCloseTimeout: '5m'",
    replace: "scheduleToCloseTimeout: '5000h'",
    test: 'test/server/workflows/deadlines.test.ts',
    name: 'fulfilment does not answer within its limit',
  },
  {
    rule: 'a cancellation that is refused waits for an operator',
    file: 'src/workflows/give-back.ts',
    find: "if (answer.kind === 'refused')",
    replace: "if (false as boolean && answer.kind === 'refused')",
    test: workflowFaults,
    name: 'cannot be taken back, and waits for an operator',
  },
  {
    rule: 'a restoration looks before it sends again',
    file: 'src/activities/restoration.ts',
    find: 'if (order.isRepeated || Context.current().info.attempt > 1)',
    replace: 'if (order.isRepeated)',
    test: workflowFaults,
    name: 'gives back exactly once when the answer to that is lost',
  },
  {
    rule: 'a restoration that an earlier run may have sent is looked for, too',
    file: 'src/activities/restoration.ts',
    find: 'if (order.isRepeated || Context.current().info.attempt > 1)',
    replace: 'if (Context.current().info.attempt > 1)',
    test: reset,
    name: 'gives nothing back twice',
  },
  {
    rule: 'a restoration that no look-up can tell of waits for an operator',
    file: 'src/activities/restoration.ts',
    find: 'if (!cannotSucceed) return retryable(error);',
    replace: 'return retryable(error);',
    test: 'test/server/workflows/failing-looks.test.ts',
    name: 'a person is asked about a restoration',
  },
  {
    rule: 'a restoration that is refused waits for an operator',
    file: 'src/activities/restoration.ts',
    find: "return { kind: 'stuck', reason: 'restoration-refused', message: error.message };",
    replace: "return { kind: 'restored', reference: '' };",
    test: workflowFaults,
    name: 'refuses to give back',
  },
  {
    rule: 'a cancellation in Temporal gives back what was deducted',
    file: 'src/workflows/redemption.ts',
    find: '  CancellationScope.current().cancelRequested.catch(() => sale.cancel());\n',
    replace: '  CancellationScope.current().cancelRequested.catch(() => undefined);\n',
    test: voids,
    name: 'gives back what was deducted',
  },
  {
    rule: 'a cancellation in Temporal cuts no step short',
    file: 'src/workflows/redemption.ts',
    find: 'return CancellationScope.nonCancellable(() =>\n    run(sale)',
    replace: 'return CancellationScope.cancellable(() =>\n    run(sale)',
    test: voids,
    name: 'gives back what was deducted',
  },
  {
    rule: 'a run that was reset deducts nothing',
    file: 'src/workflows/redemption.ts',
    find: 'sale.isReset ? findAfterReset(sale, order, objection) : deduct(progress, order, sale)',
    replace: 'deduct(progress, order, sale)',
    test: reset,
    name: 'finds what it deducted|deducts nothing when it finds nothing',
  },
  {
    rule: 'a run that was reset gives nothing back twice',
    file: 'src/workflows/give-back.ts',
    find: 'runId === firstExecutionRunId ? undefined : startTime.toISOString()',
    replace: 'runId === firstExecutionRunId ? undefined : undefined;\n  void startTime',
    test: reset,
    name: 'gives nothing back twice',
  },
];
