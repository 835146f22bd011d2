import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { EnvironmentError, errorMessage } from '../../core/base/errors.ts';
import { type TableRow, TableSampler } from './table.ts';

/** Windows counts in 100 ns, but adds at the clock interrupt. */
const CPU_STEP_MS = 15.625;

/** One table as one line of JSON for each line on stdin: starting PowerShell each time would cost half a second of CPU. */
const SCRIPT = [
  '$ErrorActionPreference = "Stop"',
  'while ($null -ne [Console]::In.ReadLine()) {',
  '  $rows = Get-CimInstance Win32_Process | Select-Object ProcessId, ParentProcessId, SessionId, ThreadCount,',
  '    KernelModeTime, UserModeTime, WorkingSetSize, PeakWorkingSetSize,',
  '    @{ n = "Created"; e = { if ($_.CreationDate) { $_.CreationDate.ToFileTimeUtc() } else { 0 } } }',
  '  [Console]::Out.WriteLine((ConvertTo-Json -Compress -InputObject @($rows)))',
  '}',
].join('\n');

/** A sampler over CIM. Its table has no times of ended children: those that live shorter than a sample are not counted. */
export function windowsSampler(pid: number): TableSampler {
  const shell = new CimShell();
  return new TableSampler(
    pid,
    CPU_STEP_MS,
    () => shell.table(),
    () => shell.end(),
  );
}

/** The JSON of the script: CIM's names; CPU times in 100 ns, peak in KiB, the rest in bytes. Other rows are left out. */
export function parseCim(text: string): TableRow[] {
  const json: unknown = JSON.parse(text);
  if (!Array.isArray(json)) return [];
  const rows = json.flatMap((row: Readonly<Record<string, unknown>>): TableRow[] => {
    const number = (name: string) => (row[name] === null || row[name] === undefined ? Number.NaN : Number(row[name]));
    const cpuMs = (number('KernelModeTime') + number('UserModeTime')) / 10_000;
    const pid = number('ProcessId');
    if (!Number.isFinite(cpuMs) || !Number.isFinite(pid)) return [];
    const peakKilobytes = number('PeakWorkingSetSize');
    return [
      {
        pid,
        parent: number('ParentProcessId'),
        // A session of Windows is a desktop, not a group of processes.
        session: 0,
        start: String(row.Created),
        zombie: false,
        cpuMs,
        childrenCpuMs: 0,
        rss: number('WorkingSetSize'),
        threads: number('ThreadCount'),
        ...(Number.isFinite(peakKilobytes) && { peakRss: peakKilobytes * 1024 }),
      },
    ];
  });
  const born = new Map(rows.map(({ pid, start }) => [pid, Number(start)]));
  // Windows keeps the number of a parent that ended; whoever got it later is no parent.
  return rows.map((row) => ((born.get(row.parent) ?? 0) > Number(row.start) ? { ...row, parent: 0 } : row));
}

class CimShell {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #lines: AsyncIterator<string>;
  #failure: unknown;

  constructor() {
    this.#child = spawn('powershell.exe', ['-NoProfile', '-NonInteractive', '-Command', SCRIPT], { windowsHide: true });
    this.#child.on('error', (error) => {
      this.#failure = error;
    });
    this.#child.stdin.on('error', () => undefined);
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
  }

  async table(): Promise<TableRow[]> {
    this.#child.stdin.write('\n');
    const { value, done } = await this.#lines.next();
    if (done !== true) return parseCim(value);
    throw new EnvironmentError(
      'profile.no-powershell',
      `PowerShell gave no process table${this.#failure === undefined ? '' : `: ${errorMessage(this.#failure)}`}.`,
      'Check that powershell.exe runs and that Get-CimInstance Win32_Process works.',
    );
  }

  async end(): Promise<void> {
    this.#child.stdin.end();
    this.#child.kill();
  }
}
