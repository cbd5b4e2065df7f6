/** `count.mjs REPORT TESTS OTHER…`: vitest's JSON report and the exit codes, summed to the one line that CI reads. */
import { readFileSync } from 'node:fs';

const [reportFile = '', testsCode, ...otherCodes] = process.argv.slice(2);
const report = readReport();
let { passed, failed } = report;
// A file that could not be loaded, or an error outside every test, has no failed test to be counted.
if (testsCode !== '0' && failed === 0) failed += 1;
if (passed === 0 && failed === 0) failed += 1;
for (const code of otherCodes)
  if (code === '0') passed += 1;
  else failed += 1;
if (report.skipped > 0) process.stdout.write(`${report.skipped} skipped\n`);
process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;

/** @returns {{ passed: number, failed: number, skipped: number }} */
function readReport() {
  try {
    const report = JSON.parse(readFileSync(reportFile, 'utf8'));
    const brokenFiles = report.testResults.filter(
      (/** @type {{ status: string, assertionResults: unknown[] }} */ file) =>
        file.status === 'failed' && file.assertionResults.length === 0,
    ).length;
    return {
      passed: report.numPassedTests,
      failed: report.numFailedTests + brokenFiles,
      skipped: report.numPendingTests + report.numTodoTests,
    };
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  }
}
