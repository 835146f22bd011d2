import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const FIXTURES = fileURLToPath(new URL('../fixtures/audit/', import.meta.url));

/** A fixture of the audit as a real git repository in a folder of its own, with the same history each time. */
export class AuditRepository {
  readonly root = mkdtempSync(join(tmpdir(), 'audit '));

  constructor(fixture: 'phantom' | 'honest', git = true) {
    cpSync(join(FIXTURES, fixture), this.root, { recursive: true });
    if (!git) return;
    this.git('init', '--quiet', '--initial-branch=main');
    this.commit('2026-11-01T10:00:00Z');
  }

  write(path: string, text: string): void {
    writeFileSync(join(this.root, path), text);
  }

  commit(date: string): void {
    this.git('add', '-A');
    this.git('commit', '--quiet', '--date', date, '-m', 'x');
  }

  git(...args: readonly string[]): string {
    const own = ['user.name=T', 'user.email=t@example.org', 'commit.gpgSign=false', 'core.autocrlf=false'];
    return execFileSync('git', [...own.flatMap((one) => ['-c', one]), ...args], { cwd: this.root, encoding: 'utf8' });
  }

  dispose(): void {
    rmSync(this.root, { recursive: true, force: true, maxRetries: 3 });
  }
}
