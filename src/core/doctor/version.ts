/** The first version after `prefix` in what a tool prints: `go1.26.8` -> `1.26.8`. */
export function versionAfter(prefix: RegExp): (output: string) => string | undefined {
  const pattern = new RegExp(`${prefix.source}(\\d+(?:\\.\\d+)+(?:-?(?:rc|beta|alpha)\\.?\\d*)?)`, 'im');
  return (output) => pattern.exec(output)?.[1];
}

/** Negative where `a` is older than `b`. Missing parts count as 0; a release candidate is older than its release. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [partsOf(a), partsOf(b)];
  for (let index = 0; index < Math.max(left.numbers.length, right.numbers.length); index++) {
    const difference = (left.numbers[index] ?? 0) - (right.numbers[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return Number(left.isFinal) - Number(right.isFinal);
}

function partsOf(version: string): { numbers: number[]; isFinal: boolean } {
  const [release = ''] = version.split(/-?(?=rc|beta|alpha)/i);
  return { numbers: release.split('.').map(Number), isFinal: release === version };
}
