import { HumanError } from '../base/errors.ts';
import { type Paths, pathsSchema } from '../model/config.ts';
import { checkRemote, type Remote } from './remote.ts';

/** Plan section 2.1. */
export const SOURCE_URL = 'https://github.com/newrelic/infrastructure-agent.git';
export const TESTBED_URL = 'https://github.com/newrelic/infrastructure-agent-testbed.git';

/** What a surface collects. Everything has a default. */
export interface BootstrapRequest {
  /** The embedded workspace instead of clones: needs no network. */
  readonly sample?: boolean;
  readonly sourceUrl?: string | undefined;
  readonly sourceRef?: string | undefined;
  readonly testbedUrl?: string | undefined;
  readonly testbedRef?: string | undefined;
  /** Files to copy into the docs folder, relative to where the person stands. */
  readonly blueprint?: string | undefined;
  readonly adr?: string | undefined;
  /** Replace files that differ, after asking and with a backup. */
  readonly force?: boolean;
  /** Make a repository with first commits around the sample. */
  readonly git?: boolean;
  readonly containers?: boolean;
  /** Write instructions for agents into AGENTS.md and its like. */
  readonly agents?: boolean;
  /** Folders of an `infrabuilder.yaml` that is there already. */
  readonly paths?: Paths;
}

export interface BootstrapOptions {
  /** Undefined: the embedded sample. */
  readonly remotes: { readonly source: Remote; readonly testbed: Remote } | undefined;
  readonly blueprint: string | undefined;
  readonly adr: string | undefined;
  readonly force: boolean;
  readonly git: boolean;
  readonly containers: boolean;
  readonly agents: boolean;
  readonly paths: Paths;
}

/** Fills defaults. Throws HumanError for a bad URL or ref, and for options that contradict each other. */
export function bootstrapOptions(request: BootstrapRequest): BootstrapOptions {
  return {
    remotes: request.sample ? noRemotes(request) : remotesOf(request),
    blueprint: request.blueprint,
    adr: request.adr,
    force: request.force ?? false,
    git: request.git ?? true,
    containers: request.containers ?? true,
    agents: request.agents ?? false,
    paths: request.paths ?? pathsSchema.parse({}),
  };
}

function remotesOf(request: BootstrapRequest): BootstrapOptions['remotes'] {
  return {
    source: checkRemote({ url: request.sourceUrl ?? SOURCE_URL, ref: request.sourceRef }, '--source'),
    testbed: checkRemote({ url: request.testbedUrl ?? TESTBED_URL, ref: request.testbedRef }, '--testbed'),
  };
}

function noRemotes(request: BootstrapRequest): undefined {
  const { sourceUrl, sourceRef, testbedUrl, testbedRef } = request;
  if ([sourceUrl, sourceRef, testbedUrl, testbedRef].some((value) => value !== undefined)) {
    throw new HumanError(
      'init.sample-and-url',
      '--sample brings its own source and testbed, so it takes no URL and no ref.',
      'Leave out --sample to clone, or leave out the URLs.',
    );
  }
  return undefined;
}
