import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { type TableRow, TableSampler } from './table.ts';

const run = promisify(execFile);

/** ps prints hundredths of a second. */
const CPU_STEP_MS = 10;
const LONGEST_TABLE_BYTES = 16 * 1024 * 1024;
const COLUMNS = 'pid=,ppid=,sess=,state=,rss=,time=,lstart=';

/** A sampler over `ps`. Its table has no times of ended children: those that live shorter than a sample are not counted. */
export function macosSampler(pid: number): TableSampler {
  const read = async () => {
    const options = { env: { ...process.env, LC_ALL: 'C' }, maxBuffer: LONGEST_TABLE_BYTES };
    const { stdout } = await run('ps', ['-axo', COLUMNS], options);
    return parsePs(stdout);
  };
  return new TableSampler(pid, CPU_STEP_MS, read, async () => undefined);
}

/** Output of `ps -axo pid=,ppid=,sess=,state=,rss=,time=,lstart=` in the C locale; rss in KiB. Other lines are left out. */
export function parsePs(text: string): TableRow[] {
  return text.split('\n').flatMap((line) => {
    const match = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(\S+)\s+(\d+)\s+([\d:.-]+)\s+(\S.*\S)\s*$/.exec(line);
    if (match === null) return [];
    const [, pid, parent, session, state = '', rss, time = '', start = ''] = match;
    const cpuMs = parseCpuTime(time);
    if (cpuMs === undefined) return [];
    return [
      {
        pid: Number(pid),
        parent: Number(parent),
        // macOS prints an address here, Linux a number: only a number can be a session's leader.
        session: /^\d+$/.test(session ?? '') ? Number(session) : 0,
        start,
        zombie: state.startsWith('Z'),
        cpuMs,
        childrenCpuMs: 0,
        rss: Number(rss) * 1024,
        threads: 1,
      },
    ];
  });
}

/** `1:02.50`, `3:01:02`, `2-03:01:02` in milliseconds. */
export function parseCpuTime(text: string): number | undefined {
  const match = /^(?:(\d+)-)?(?:(\d+):)?(\d+):(\d+(?:\.\d+)?)$/.exec(text);
  if (match === null) return undefined;
  const [, days = '0', hours = '0', minutes = '0', seconds = '0'] = match;
  return Math.round((((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000);
}
