import assert from 'node:assert/strict';
import { OTHER_TOOLS, PLAN_TOOLS } from '../../../src/core/doctor/tools.ts';
import { compareVersions } from '../../../src/core/doctor/version.ts';

function version(id: string, output: string): string | undefined {
  return [...PLAN_TOOLS, ...OTHER_TOOLS].find((tool) => tool.id === id)?.parse?.(output);
}

describe('versions of tools', () => {
  it('are read from what the tools print', () => {
    const cases: [string, string, string | undefined][] = [
      ['git', 'git version 2.39.5\n', '2.39.5'],
      ['git', 'git version 2.39.3 (Apple Git-146)\n', '2.39.3'],
      ['git', 'git version 2.45.1.windows.1\n', '2.45.1'],
      ['go', 'go version go1.26.8 linux/amd64\n', '1.26.8'],
      ['go', 'go version go1.22rc1 darwin/arm64\n', '1.22rc1'],
      ['go', 'go version devel go1.23-4f0408a3a2 Tue Apr 2 linux/amd64\n', '1.23'],
      ['docker', 'Docker version 28.2.2, build e6534b4\n', '28.2.2'],
      ['docker', 'Docker version 20.10.24+dfsg1, build 297e128\n', '20.10.24'],
      ['docker', 'podman version 5.4.0\n', undefined],
      ['protoc', 'libprotoc 29.3\n', '29.3'],
      ['protoc', 'libprotoc 3.21.12\n', '3.21.12'],
      ['buf', '1.75.0\n', '1.75.0'],
      ['make', 'GNU Make 4.3\nBuilt for x86_64-pc-linux-gnu\n', '4.3'],
      ['make', 'GNU Make 3.81\nCopyright (C) 2006  Free Software Foundation, Inc.\n', '3.81'],
      ['make', 'usage: make [-BeikNnqrSstWwX]\n', undefined],
      ['kind', 'kind version 0.27.0\n', '0.27.0'],
      ['kind', 'kind v0.24.0 go1.22.6 linux/amd64\n', '0.24.0'],
      ['firecracker', 'Firecracker v1.10.1\n\nSupported snapshot data format versions: v4.0.0\n', '1.10.1'],
      ['toxiproxy-server', 'toxiproxy-server version 2.12.0\n', '2.12.0'],
      ['toxiproxy-server', 'toxiproxy-server version git\n', undefined],
      ['golangci-lint', 'golangci-lint has version 2.1.6 built with go1.24.2 from eabc2638 on 2025-05-04\n', '2.1.6'],
      ['golangci-lint', 'golangci-lint has version v1.55.2 built with go1.21.3 from (unknown)\n', '1.55.2'],
      ['c-compiler', 'gcc (Debian 12.2.0-14+deb12u1) 12.2.0\nCopyright (C) 2022\n', '12.2.0'],
      ['c-compiler', 'Apple clang version 16.0.0 (clang-1600.0.26.3)\nTarget: arm64\n', '16.0.0'],
      ['protoc-gen-go', 'protoc-gen-go v1.36.5\n', '1.36.5'],
      ['git', '', undefined],
    ];
    for (const [id, output, expected] of cases) assert.equal(version(id, output), expected, `${id}: ${output}`);
  });

  it('read the compose plugin of Docker', () => {
    const parse = PLAN_TOOLS.find((tool) => tool.id === 'docker')?.part?.parse;
    assert.equal(parse?.('Docker Compose version v2.36.2\n'), '2.36.2');
    assert.equal(parse?.('Docker Compose version 2.24.5-1\n'), '2.24.5');
  });

  it('compare number by number', () => {
    const ordered = ['1.9', '1.21.13', '1.22rc1', '1.22', '1.22.1', '1.100', '2.0'];
    for (const [index, older] of ordered.entries()) {
      for (const newer of ordered.slice(index + 1)) {
        assert.ok(compareVersions(older, newer) < 0, `${older} < ${newer}`);
        assert.ok(compareVersions(newer, older) > 0, `${newer} > ${older}`);
      }
    }
    assert.equal(compareVersions('1.22', '1.22.0'), 0);
  });
});
