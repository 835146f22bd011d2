import assert from 'node:assert/strict';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { CancelledError, HumanError } from '../../../src/core/base/errors.ts';
import { fetchProfile } from '../../../src/e2e/profiling/pprof/fetch.ts';
import { decodeProfile } from '../../../src/e2e/profiling/pprof/profile.ts';
import { ProtobufError, readFields, readIntegers } from '../../../src/e2e/profiling/pprof/protobuf.ts';
import { topFunctions } from '../../../src/e2e/profiling/pprof/top.ts';

function varint(value: number | bigint): number[] {
  let rest = BigInt.asUintN(64, BigInt(value));
  const bytes: number[] = [];
  do {
    bytes.push(Number(rest & 0x7fn) | (rest > 0x7fn ? 0x80 : 0));
    rest >>= 7n;
  } while (rest > 0n);
  return bytes;
}

function number(field: number, value: number | bigint): number[] {
  return [...varint(field * 8), ...varint(value)];
}

function bytes(field: number, value: readonly number[]): number[] {
  return [...varint(field * 8 + 2), ...varint(value.length), ...value];
}

const STRINGS = [
  '',
  'samples',
  'count',
  'cpu',
  'nanoseconds',
  'main.work',
  'main.go',
  'main.main',
  'runtime.main',
  'proc.go',
];

/** main.main calls main.work, which is inlined at location 1: 30 ns; main.main itself has 10 ns. */
const PROFILE = Uint8Array.from([
  ...bytes(1, [...number(1, 1), ...number(2, 2)]),
  ...bytes(1, [...number(1, 3), ...number(2, 4)]),
  ...bytes(2, [...bytes(1, [...varint(1), ...varint(2)]), ...bytes(2, [...varint(3), ...varint(30)])]),
  ...bytes(2, [...number(1, 3), ...number(1, 2), ...number(2, 1), ...number(2, 10)]),
  ...bytes(4, [...number(1, 1), ...bytes(4, number(1, 11)), ...bytes(4, number(1, 12))]),
  ...bytes(4, [...number(1, 2), ...bytes(4, number(1, 13))]),
  ...bytes(4, [...number(1, 3), ...bytes(4, number(1, 12))]),
  ...bytes(5, [...number(1, 11), ...number(2, 5), ...number(4, 6)]),
  ...bytes(5, [...number(1, 12), ...number(2, 7), ...number(4, 6)]),
  ...bytes(5, [...number(1, 13), ...number(2, 8), ...number(4, 9)]),
  ...STRINGS.flatMap((text) => bytes(6, [...Buffer.from(text)])),
  ...number(10, 5e9),
]);

describe('profiling: protobuf', () => {
  it('reads varints of every length, also negative ones', () => {
    for (const value of [0, 1, 127, 128, 300, 2 ** 31, 2 ** 53 - 1, -1, -5e9]) {
      const [field] = [...readFields(Uint8Array.from(number(7, value)))];
      assert.deepEqual(field, { number: 7, value }, String(value));
    }
    assert.deepEqual(readIntegers(Uint8Array.from([...varint(1), ...varint(300)])), [1, 300]);
  });

  it('reads fixed fields', () => {
    assert.deepEqual(
      [...readFields(Uint8Array.from([0x0d, 1, 0, 0, 0, 0x11, 2, 0, 0, 0, 0, 0, 0, 0]))],
      [
        { number: 1, value: 1 },
        { number: 2, value: 2 },
      ],
    );
  });

  it('refuses what ends too early or is no message', () => {
    const broken = [
      [0x08],
      [0x0a, 5, 1],
      [0x08, ...Array.from({ length: 11 }, () => 0xff)],
      [0x0b],
      [0x00, 0x01],
      [0x0d, 1],
    ];
    for (const each of broken) assert.throws(() => [...readFields(Uint8Array.from(each))], ProtobufError, String(each));
  });
});

describe('profiling: Go profiles', () => {
  it('lists functions by their own time, with inlined calls and packed or plain lists', () => {
    const top = topFunctions(decodeProfile(PROFILE), 10);
    assert.deepEqual([top?.type, top?.unit, top?.total, top?.samples], ['cpu', 'nanoseconds', 40, 2]);
    assert.deepEqual(
      top?.functions.map(({ name, file, flat, cumulative, flatPercent }) => [
        name,
        file,
        flat,
        cumulative,
        flatPercent,
      ]),
      [
        ['main.work', 'main.go', 30, 30, 75],
        ['main.main', 'main.go', 10, 40, 25],
        ['runtime.main', 'proc.go', 0, 40, 0],
      ],
    );
  });

  it('counts by the type that is asked for, and has nothing for one that is not there', () => {
    const profile = decodeProfile(PROFILE);
    assert.equal(topFunctions(profile, 1, 'samples')?.total, 4);
    assert.equal(topFunctions(profile, 1)?.functions.length, 1);
    assert.equal(topFunctions(profile, 1, 'inuse_space'), undefined);
  });

  it('refuses bytes that are no profile', () => {
    for (const each of [[], [...Buffer.from('<html>')], bytes(1, number(1, 9)), [...PROFILE.slice(0, 40)]]) {
      assert.throws(() => decodeProfile(Uint8Array.from(each)), ProtobufError);
    }
  });
});

describe('profiling: pprof over HTTP', () => {
  async function serving<T>(answer: RequestListener, use: (url: string) => Promise<T>): Promise<T> {
    const server = createServer(answer);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      return await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    } finally {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  }

  const rejects = (code: string, message: RegExp) => (error: unknown) =>
    error instanceof HumanError && error.code === code && message.test(error.message);

  it('asks for the kind and the time, and reads zipped and plain bytes', async () => {
    const asked: (string | undefined)[] = [];
    const zipped: RequestListener = (request, response) => {
      asked.push(request.url);
      response.end(asked.length === 1 ? gzipSync(PROFILE) : PROFILE);
    };
    await serving(zipped, async (url) => {
      assert.equal((await fetchProfile({ url, kind: 'profile', seconds: 3 })).samples.length, 2);
      assert.equal((await fetchProfile({ url, kind: 'heap' })).durationNs, 5e9);
    });
    assert.deepEqual(asked, ['/debug/pprof/profile?seconds=3', '/debug/pprof/heap']);
  });

  it('says what was answered instead', async () => {
    const refuse: RequestListener = (_, response) => response.writeHead(500).end('cpu profiling already in use\n');
    await serving(refuse, (url) =>
      assert.rejects(
        fetchProfile({ url, kind: 'profile' }),
        rejects('profile.pprof-refused', /500: cpu profiling already in use/),
      ),
    );
    await serving(
      (_, response) => response.end('<html>'),
      (url) =>
        assert.rejects(fetchProfile({ url, kind: 'heap' }), rejects('profile.pprof-unreadable', /is no profile/)),
    );
    await serving(
      (_, response) => response.end(gzipSync(PROFILE).subarray(0, 30)),
      (url) =>
        assert.rejects(fetchProfile({ url, kind: 'heap' }), rejects('profile.pprof-unreadable', /is no profile/)),
    );
  });

  it('says that nobody answers', async () => {
    const url = await serving(
      (_, response) => response.end(),
      async (address) => address,
    );
    await assert.rejects(fetchProfile({ url, kind: 'heap' }), rejects('profile.pprof-unreachable', /ECONNREFUSED/));
  });

  it('stops when it is told to', async () => {
    const controller = new AbortController();
    await serving(
      () => controller.abort(),
      (url) => assert.rejects(fetchProfile({ url, kind: 'profile', signal: controller.signal }), CancelledError),
    );
  });
});
