import assert from 'node:assert/strict';
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { fetchProfile } from '../../../src/e2e/profiling/pprof/fetch.ts';
import { decodeProfile } from '../../../src/e2e/profiling/pprof/profile.ts';
import { topFunctions } from '../../../src/e2e/profiling/pprof/top.ts';

const run = promisify(execFile);

/** Burns CPU in one function, holds memory from another, and serves pprof on a port that it prints. */
const PROGRAM = `package main

import (
	"fmt"
	"net"
	"net/http"
	_ "net/http/pprof"
)

var kept [][]byte

//go:noinline
func burnCycles(n uint64) (sum uint64) {
	for i := uint64(0); i < n; i++ {
		sum += i * i
	}
	return sum
}

//go:noinline
func holdMemory() {
	for i := 0; i < 32; i++ {
		kept = append(kept, make([]byte, 1<<20))
	}
}

func main() {
	holdMemory()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	go func() {
		for {
			burnCycles(1 << 20)
		}
	}()
	fmt.Println(listener.Addr())
	panic(http.Serve(listener, nil))
}
`;

describe('profiling: pprof of a real Go program', function () {
  this.timeout(120_000);
  let root: string;
  let child: ChildProcess;
  let url: string;

  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'pprof-'));
    await writeFile(join(root, 'go.mod'), 'module example.com/burner\n\ngo 1.22\n');
    await writeFile(join(root, 'main.go'), PROGRAM);
    const program = join(root, process.platform === 'win32' ? 'burner.exe' : 'burner');
    await run('go', ['build', '-o', program, '.'], { cwd: root });
    child = spawn(program, { stdio: ['ignore', 'pipe', 'inherit'] });
    const [address] = (await once(child.stdout ?? assert.fail(), 'data')) as [Buffer];
    url = `http://${address.toString().trim()}`;
  });

  after(async () => {
    child.kill('SIGKILL');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    await rm(root, { recursive: true, force: true });
  });

  it('finds the function that burns the CPU', async () => {
    const top = topFunctions(await fetchProfile({ url, kind: 'profile', seconds: 1 }), 5);
    assert.deepEqual([top?.type, top?.unit], ['cpu', 'nanoseconds']);
    assert.equal(top?.functions[0]?.name, 'main.burnCycles');
    assert.ok((top?.functions[0]?.flatPercent ?? 0) > 50);
  });

  it('finds the function that holds the memory', async () => {
    const top = topFunctions(await fetchProfile({ url, kind: 'heap' }), 5, 'inuse_space');
    assert.equal(top?.functions[0]?.name, 'main.holdMemory');
    assert.equal(top?.unit, 'bytes');
  });

  it('agrees with go tool pprof to the last byte', async () => {
    const zipped = Buffer.from(await (await fetch(`${url}/debug/pprof/allocs`)).arrayBuffer());
    const file = join(root, 'allocs.pb.gz');
    await writeFile(file, zipped);
    const args = [
      'tool',
      'pprof',
      '-top',
      '-unit=b',
      '-nodefraction=0',
      '-nodecount=1000',
      '-sample_index=alloc_space',
      file,
    ];
    const { stdout } = await run('go', args, { cwd: root });
    const theirs = new Map<string, [number, number]>();
    for (const line of stdout.split('\n')) {
      const match = /^\s*(\d+)B?\s+[\d.]+%\s+[\d.]+%\s+(\d+)B?\s+[\d.]+%\s+(\S.*?)(?: \(inline\))?\s*$/.exec(line);
      if (match?.[3] !== undefined) theirs.set(match[3], [Number(match[1]), Number(match[2])]);
    }
    const ours = topFunctions(decodeProfile(gunzipSync(zipped)), 1000, 'alloc_space');
    assert.ok(theirs.size >= 3, stdout);
    assert.deepEqual(new Map(ours?.functions.map(({ name, flat, cumulative }) => [name, [flat, cumulative]])), theirs);
  });
});
