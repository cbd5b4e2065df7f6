/** The command line: `npm run starter -- VERB`. */
import { run } from './cli/run.ts';

await run(process.argv);
