/** Drives one sale as its plan says: tills that ask, and reports of its payment. */
import { ServiceError } from '@temporalio/client';
import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { RedemptionError, type RedemptionClient, type RedemptionView } from '../../../src/index.ts';
import type { Message, SalePlan } from './plan.ts';
import type { ChaosStack } from './stack.ts';

const PAUSE_MS = 250;
/** How long a caller tries again what is refused for the moment. */
const PATIENCE_MS = 60_000;
/** A sale that is held up for longer is not waited for: its messages come all the same. */
const ENDING_LIMIT_MS = 30_000;

export interface Driven {
  readonly plan: SalePlan;
  /** What the tills were told, and when: milliseconds since the epoch. */
  readonly answers: readonly (Pick<RedemptionView, 'granted' | 'status' | 'providerReference'> & {
    readonly at: number;
  })[];
  /** A void was taken in: from then on the sale is over. */
  readonly isVoided: boolean;
  /** What no call should answer. */
  readonly errors: readonly string[];
}

export async function drive({ clients }: ChaosStack, plan: SalePlan): Promise<Driven> {
  const { request, messages, repeatsAfterMs } = plan;
  const { program, redemptionId } = request;
  const [here, there] = clients;
  const answers: Driven['answers'][number][] = [];
  const errors: string[] = [];
  let isVoided = false;

  const attempt = async (call: string, work: () => Promise<void>) => {
    try {
      await work();
    } catch (error) {
      errors.push(`${call}: ${String(error)}`);
    }
  };
  const ask = (client: RedemptionClient) =>
    attempt('redeem', async () => {
      const answer = await askUntilAnswered(() => client.redeem(request));
      answers.push({ ...answer, at: Date.now() });
    });
  const report = ({ kind, event }: Message, client: RedemptionClient) =>
    attempt(kind, async () => {
      if (kind === 'captured')
        return askUntilAnswered(() => client.capture({ program, redemptionId }, event));
      await askUntilAnswered(() => client.void({ program, redemptionId }, event));
      isVoided = true;
    });

  const answered = ask(here);
  await Promise.all([
    answered,
    ...repeatsAfterMs.map(async (pauseMs) => {
      await delay(pauseMs);
      await ask(there);
    }),
    ...messages.map(async (message, index) => {
      if (message.after !== 'asked') await answered;
      if (message.after === 'ended')
        await attempt('status', () => untilEnded(here, program, redemptionId));
      await delay(message.pauseMs);
      await report(message, index % 2 === 0 ? here : there);
    }),
  ]);
  return { plan, answers, isVoided, errors };
}

/** A caller that is told to ask again does so; so does the sender of an event for a sale that is not there yet. */
export async function askUntilAnswered<T>(work: () => Promise<T>): Promise<T> {
  const until = performance.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!isForNow(error) || performance.now() > until) throw error;
    }
    await delay(PAUSE_MS);
  }
}

/** The server is away, or nobody answers, or the till's question has not arrived yet. */
function isForNow(error: unknown): boolean {
  if (error instanceof ServiceError) return true;
  return (
    error instanceof RedemptionError &&
    (error.code === 'unavailable' || error.code === 'unknown-redemption')
  );
}

const OVER: readonly string[] = ['completed', 'declined', 'compensated', 'needs-attention'];

async function untilEnded(
  client: RedemptionClient,
  program: string,
  redemptionId: string,
): Promise<void> {
  const until = performance.now() + ENDING_LIMIT_MS;
  while (performance.now() < until) {
    const { status } = await askUntilAnswered(() => client.status({ program, redemptionId }));
    if (OVER.includes(status)) return;
    await delay(PAUSE_MS);
  }
}
