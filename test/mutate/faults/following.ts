import type { Fault } from '../fault.ts';

const followUps = 'test/server/workflows/follow-ups.test.ts';
const notifications = 'test/server/workflows/notifications.test.ts';

/** What follows a sale: late captures, reversals, and what the POS is told. */
export const followingFaults: readonly Fault[] = [
  {
    rule: 'a capture after the points went back opens a case',
    file: 'src/client/payment-reports.ts',
    find: "  await startFollowUp(temporal, program, 'case', start);\n",
    replace: '  void start;\n  void program;\n',
    test: followUps,
    name: 'waits for a person, once however often it comes',
  },
  {
    rule: 'a capture of the payment that was voided opens no case',
    file: 'src/client/payment-reports.ts',
    find: 'if (!isLateCapture(outcome.voided, event)) return;',
    replace: '',
    test: followUps,
    name: 'changes nothing when it is the payment that was voided',
  },
  {
    rule: 'a capture while the points are on their way back opens a case',
    file: 'src/workflows/sale.ts',
    find: "if (kind === 'captured' && this.#isGivingBack) this.#isLateCaptured = true;",
    replace: '',
    test: followUps,
    name: 'waits for a person when it comes while they are on their way',
  },
  {
    rule: 'a void while a late capture deducts again is not ignored',
    file: 'src/workflows/late-capture.ts',
    find: "return isVoided() ? 'payment-voided' : undefined;",
    replace: 'return undefined;',
    test: followUps,
    name: 'gives back what is being taken again when the payment is voided meanwhile',
  },
  {
    rule: 'a late payment that is voided after all is nobody’s concern',
    file: 'src/workflows/late-capture.ts',
    find: "needAttention('late-capture', { settled: isVoided, detail })",
    replace: "needAttention('late-capture', { detail })",
    test: followUps,
    name: 'is nobody’s concern any more',
  },
  {
    rule: 'a refund of a part of the late payment is no void',
    file: 'src/workflows/late-capture.ts',
    find: "facts.record('captured', { eventId: String(index), paymentId, amount });",
    replace:
      "facts.record('captured', { eventId: String(index), paymentId });\n  void 0 as unknown;",
    test: followUps,
    name: 'when only a part of that payment is refunded',
  },
  {
    rule: 'a second deduction has an id of its own',
    file: 'src/workflows/late-capture.ts',
    find: 'redemptionId: `${order.redemptionId}~${round}`',
    replace: 'redemptionId: round > 0 ? order.redemptionId : order.redemptionId',
    test: followUps,
    name: 'also when every answer is lost',
  },
  {
    rule: 'points that were taken again and land late are watched for',
    file: 'src/workflows/late-capture.ts',
    find: "      await startWatch({ ...start, ended: { ...start.ended, status: 'declined' }, order });\n",
    replace: '      void startWatch;\n',
    test: followUps,
    name: 'land late are watched for on their own',
  },
  {
    rule: 'a reversal cancels the fulfilment',
    file: 'src/workflows/reversal.ts',
    find: 'if (fulfils) compensations.add(cancellation(progress, { program, redemptionId }));',
    replace: 'void fulfils; void cancellation; void program; void redemptionId;',
    test: 'test/server/workflows/voids.test.ts',
    name: 'reverses a completed sale',
  },
  {
    rule: 'a decline waits for its notifications',
    file: 'src/workflows/redemption.ts',
    find: "  await progress.finish();\n  return ended(sale, 'declined');",
    replace: "  return ended(sale, 'declined');",
    test: notifications,
    name: 'of a decline, although the run has nothing left to do',
  },
  {
    rule: 'the end of a give-back waits for its notifications',
    file: 'src/workflows/redemption.ts',
    find: '  progress.end(ending, reason);\n  await progress.finish();\n',
    replace: '  progress.end(ending, reason);\n',
    test: notifications,
    name: 'of a payment that never came',
  },
  {
    rule: 'notifications keep their order',
    file: 'src/workflows/notifications.ts',
    find: 'this.#handedOn = this.#handedOn.then(() => passOn(notification));',
    replace:
      'this.#handedOn = Promise.all([this.#handedOn, passOn(notification)]).then(() => undefined);',
    test: 'test/unit/workflows/replay.test.ts',
  },
  {
    rule: 'a notification is delivered once, also if it was handed on twice',
    file: 'src/workflows/notifications.ts',
    find: 'if (!seen.has(next.id)) waiting.push(next);',
    replace: 'waiting.push(next);',
    test: 'test/server/workflows/news-repeated.test.ts',
  },
  {
    rule: 'the POS is told of what needs attention',
    file: 'src/domain/notification.ts',
    find: "['needs-attention', 'compensating', 'compensated']",
    replace: "['compensating', 'compensated']",
    test: notifications,
    name: 'of what needs attention',
  },
];
