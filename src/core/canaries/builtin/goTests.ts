/** Texts of defects in Go test suites. All of them compile and are formatted as gofmt wants it. */

const TEST = /^func (Test\w*)\((?:(\w+) )?\*testing\.T\) \{/gm;
const FUZZ = /^func (Fuzz\w*)\((?:(\w+) )?\*testing\.F\) \{/gm;
/** Go runs an example that states its output. */
const OUTPUT = /^(\s*\/\/ )(?:Unordered output|Output):/gim;

export function failingTest(packageName: string): string {
  return `package ${packageName}

import "testing"

func TestInfrabuilderCanary(t *testing.T) {
	t.Fatal("planted by the self-test")
}
`;
}

/** Every test and fuzz test of the file skips itself, and no example states an output. Undefined where none is changed. */
export function skipAll(text: string): string | undefined {
  const skip = (kind: string) => (_whole: string, name: string, own: string | undefined) => {
    const parameter = own === undefined || own === '_' ? kind.toLowerCase() : own;
    return `func ${name}(${parameter} *testing.${kind}) {\n\t${parameter}.Skip("planted by the self-test")`;
  };
  const changed = text.replace(TEST, skip('T')).replace(FUZZ, skip('F')).replace(OUTPUT, '$1Said:');
  return changed === text ? undefined : changed;
}

/** A function that no test calls, with so many statements. */
export function untested(packageName: string, statements: number): string {
  const body = Array.from({ length: statements }, () => '\tn++\n').join('');
  return `package ${packageName}

// InfrabuilderCanary is called by nothing.
func InfrabuilderCanary(n int) int {
${body}	return n
}
`;
}

/** Compiles, but gofmt would write it otherwise. */
export function unformatted(packageName: string): string {
  return `package ${packageName}\n\nvar   infrabuilderCanary   =   1\n`;
}
