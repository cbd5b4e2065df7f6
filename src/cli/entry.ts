/** What scripts/starter/compile.mjs compiles the command line from. */
export { run } from './run.ts';

/** Loads what every verb needs, so that the compiled form of all of it can be kept. */
export async function loadActions(): Promise<void> {
  await Promise.all([
    import('./till-actions.ts'),
    import('./operator-actions.ts'),
    import('./access-key-actions.ts'),
    import('./key-actions.ts'),
  ]);
}
