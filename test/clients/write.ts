/** `npm run client-types` */
import { writeFileSync } from 'node:fs';
import { clientTypes, typesFile } from './types.ts';

writeFileSync(typesFile, await clientTypes());
process.exit();
