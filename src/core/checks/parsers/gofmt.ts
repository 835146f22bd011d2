import { locatedIssues } from './generic.ts';
import { lastLine, linesOf, type ParserResult, type ParserRun, plural, toolIssue } from './parser.ts';

/** A line of `gofmt -l` is a path and nothing else; a command that make or `sh -x` echoes is not. */
const LISTED = /^(?!.*(?:\s-\w|\$\(|&&|\|\|))\S.*\.go$/;

/** `gofmt -l`: it lists what is not formatted and exits with 0 all the same; a file that does not parse is on stderr. */
export function parseGofmt(run: ParserRun): ParserResult {
  const broken = locatedIssues({ ...run, stdout: '' }, 'gofmt.syntax', 'error');
  const listed = linesOf(run.stdout)
    .filter((line) => LISTED.test(line))
    .map((path) =>
      toolIssue(run, 'gofmt.unformatted', 'warning', `Not formatted. Run: gofmt -w ${path}`, { path, line: 1 }),
    );
  const issues = [...broken, ...listed];
  if (issues.length > 0) {
    const parts = [
      listed.length > 0 ? `${plural(listed.length, 'file')} not formatted` : '',
      broken.length > 0 ? `${plural(broken.length, 'syntax error')}` : '',
    ];
    return {
      verdict: 'fail',
      reason: `gofmt found ${parts.filter((part) => part !== '').join(' and ')}.`,
      values: [],
      issues,
    };
  }
  if (run.exitCode !== 0)
    return { verdict: 'error', reason: `gofmt could not run: ${lastLine(run)}`, values: [], issues };
  if (run.hasSubject === false)
    return { verdict: 'not-run', reason: `There is no Go file in ${run.cwd}.`, values: [], issues };
  return { verdict: 'pass', reason: 'gofmt lists no file.', values: [], issues };
}
