import { relative } from "node:path";
import { REPO_ROOT } from "../repo-root";

/** What of jest's `--json` report is used here. */
export interface JestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numFailedTestSuites: number;
  readonly testResults: readonly {
    /** The path of the file. */
    readonly name: string;
    readonly status: string;
    /** Milliseconds since 1970. */
    readonly startTime: number;
    readonly endTime: number;
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
  }[];
}

/** A line for each failed test, or for its file if the file did not load. */
export function failuresOf(layer: string, report: JestReport): string[] {
  return report.testResults.flatMap(({ name, status, assertionResults }) => {
    const file = `${layer}: ${relative(REPO_ROOT, name)}`;
    const failed = assertionResults
      .filter((test) => test.status === "failed")
      .map((test) => `${file}: ${test.fullName}`);
    return failed.length === 0 && status === "failed" ? [file] : failed;
  });
}

/** The files that took longest, with their seconds. */
export function slowestOf(report: JestReport, count: number): string[] {
  return report.testResults
    .map(({ name, startTime, endTime }) => ({ file: relative(REPO_ROOT, name), seconds: (endTime - startTime) / 1000 }))
    .sort((a, b) => b.seconds - a.seconds)
    .slice(0, count)
    .map(({ file, seconds }) => `${file} ${seconds.toFixed(0)} s`);
}
