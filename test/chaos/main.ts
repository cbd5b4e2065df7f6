/** `npm run chaos`: exit code 0 when no promise was broken. */
import { parseArgs } from 'node:util';
import { runProcess } from '../../src/process.ts';
import { SettingsError } from '../../src/settings-error.ts';
import { commandOf, describeReport } from './report.ts';
import { runChaos } from './run.ts';
import type { Kind } from './trouble.ts';

await runProcess(async () => {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string', default: String(Date.now() % 1_000_000) },
      redemptions: { type: 'string', default: '100' },
      concurrency: { type: 'string', default: '40' },
      'kills-only': { type: 'boolean', default: false },
      'server-restarts': { type: 'boolean', default: false },
      'skip-clocks': { type: 'boolean', default: false },
    },
  });
  const options = {
    kind: kindOf(values),
    seed: wholeNumber('seed', values.seed),
    redemptions: wholeNumber('redemptions', values.redemptions),
    concurrency: wholeNumber('concurrency', values.concurrency),
  };
  process.stdout.write(`${commandOf(options)}\n`);
  const report = await runChaos({ ...options, progress: sometimes(5_000) });
  process.stdout.write(`${describeReport(report)}\n`);
  process.exitCode = report.violations.length === 0 ? 0 : 1;
});

function kindOf(flags: Readonly<Record<Exclude<Kind, 'kills'>, boolean>>): Kind {
  const asked = (['kills-only', 'server-restarts', 'skip-clocks'] as const).filter(
    (kind) => flags[kind],
  );
  const [kind = 'kills', another] = asked;
  if (another !== undefined)
    throw new SettingsError(`--${kind} and --${another} are runs of their own: name one of them.`);
  return kind;
}

function wholeNumber(name: string, text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text))
    throw new SettingsError(`--${name} is ${text}: it must be a whole number above 0.`);
  return Number(text);
}

/** Prints what it is told, but not more often than that. */
function sometimes(pauseMs: number): (what: string) => void {
  let last = 0;
  return (what) => {
    if (performance.now() - last < pauseMs) return;
    last = performance.now();
    process.stderr.write(`${what}\n`);
  };
}
