/** Where `npm test` put the Temporal binaries. */
export function serverPath(name: 'TEMPORAL_CLI_PATH' | 'TEMPORAL_TEST_SERVER_PATH'): string {
  const path = process.env[name];
  if (path === undefined) throw new Error(`${name} is not set: run the tests by npm test`);
  return path;
}
