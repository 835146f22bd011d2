import type { Installer, ToolSpec } from './tool.ts';
import { versionAfter } from './version.ts';

/** `go install` puts the program into GOBIN, whatever module it stands in. */
function goInstall(module: string, leaves?: string): Installer {
  return { with: 'go', argv: ['go', 'install', module], env: { GOBIN: '{bin}' }, ...(leaves && { leaves }) };
}

function npmInstall(name: string): Installer {
  const quiet = ['--no-audit', '--no-fund', '--loglevel=error'];
  return { with: 'npm', argv: ['npm', 'install', '--global', '--prefix', '{prefix}', ...quiet, name] };
}

/** The nine tools of plan section 1.1, in its order. */
export const PLAN_TOOLS: readonly ToolSpec[] = [
  {
    id: 'git',
    title: 'Git',
    programs: ['git'],
    why: 'clones the source and testbed; goal G-1 and the freshness of evidence compare with its history',
    commands: ['init', 'verify', 'implement'],
    versionArgs: ['--version'],
    parse: versionAfter(/git version /),
    minimum: '2.25',
    install: {
      apt: 'sudo apt-get install git',
      dnf: 'sudo dnf install git',
      pacman: 'sudo pacman -S git',
      apk: 'sudo apk add git',
      brew: 'brew install git',
      winget: 'winget install Git.Git',
      choco: 'choco install git',
      other: 'https://git-scm.com/downloads',
    },
    installers: [],
  },
  {
    id: 'go',
    title: 'Go',
    programs: ['go'],
    why: 'builds and tests infrastructure-agent',
    commands: ['check', 'verify', 'e2e'],
    versionArgs: ['version'],
    parse: versionAfter(/go version (?:devel )?go/),
    minimum: '1.22',
    install: {
      apt: 'sudo apt-get install golang-go (if it is older than 1.22: https://go.dev/dl)',
      dnf: 'sudo dnf install golang',
      pacman: 'sudo pacman -S go',
      apk: 'sudo apk add go',
      brew: 'brew install go',
      winget: 'winget install GoLang.Go',
      choco: 'choco install golang',
      other: 'https://go.dev/dl',
    },
    installers: [],
  },
  {
    id: 'docker',
    title: 'Docker & Compose',
    programs: ['docker'],
    why: "runs the testbed's containers (Kafka, Redis, NRDB stub); the embedded services work without it",
    commands: ['init', 'e2e'],
    versionArgs: ['--version'],
    parse: versionAfter(/Docker version v?/),
    part: {
      title: 'compose',
      args: ['compose', 'version'],
      parse: versionAfter(/Compose version v?/),
      why: 'the compose plugin starts the containers of the testbed',
    },
    install: {
      apt: 'sudo apt-get install docker.io docker-compose-v2 (Debian: https://docs.docker.com/engine/install/debian)',
      dnf: 'sudo dnf install moby-engine docker-compose',
      pacman: 'sudo pacman -S docker docker-compose',
      apk: 'sudo apk add docker docker-cli-compose',
      brew: 'brew install --cask docker',
      winget: 'winget install Docker.DockerDesktop',
      choco: 'choco install docker-desktop',
      other: 'https://docs.docker.com/engine/install',
    },
    installers: [],
  },
  {
    id: 'protoc',
    title: 'Protocol Buffers',
    programs: ['protoc'],
    why: 'compiles the protobuf schemas',
    commands: ['check'],
    versionArgs: ['--version'],
    parse: versionAfter(/libprotoc /),
    install: {
      apt: 'sudo apt-get install protobuf-compiler',
      dnf: 'sudo dnf install protobuf-compiler',
      pacman: 'sudo pacman -S protobuf',
      apk: 'sudo apk add protoc',
      brew: 'brew install protobuf',
      winget: 'winget install Google.Protobuf',
      choco: 'choco install protoc',
      other: 'https://github.com/protocolbuffers/protobuf/releases',
    },
    installers: [],
  },
  {
    id: 'buf',
    title: 'buf',
    programs: ['buf'],
    why: 'finds breaking changes of the schema (goal G-1)',
    commands: ['verify'],
    versionArgs: ['--version'],
    parse: versionAfter(/^v?/),
    install: {
      brew: 'brew install bufbuild/buf/buf',
      winget: 'winget install bufbuild.buf',
      other: 'npm install --global @bufbuild/buf',
    },
    installers: [npmInstall('@bufbuild/buf'), goInstall('github.com/bufbuild/buf/cmd/buf@latest')],
  },
  {
    id: 'make',
    title: 'GNU Make',
    programs: ['make', 'gmake'],
    why: "runs the Makefile's shortcuts; each has an infrabuilder command of its own",
    commands: [],
    versionArgs: ['--version'],
    parse: versionAfter(/GNU Make /),
    install: {
      apt: 'sudo apt-get install make',
      dnf: 'sudo dnf install make',
      pacman: 'sudo pacman -S make',
      apk: 'sudo apk add make',
      brew: 'xcode-select --install, or: brew install make',
      winget: 'winget install GnuWin32.Make',
      choco: 'choco install make',
      other: 'https://www.gnu.org/software/make',
    },
    installers: [],
  },
  {
    id: 'kind',
    title: 'Kind',
    programs: ['kind'],
    why: 'Kubernetes in Docker, for scenarios on that platform',
    commands: ['e2e'],
    versionArgs: ['--version'],
    parse: versionAfter(/kind v?(?:version )?v?/),
    install: {
      pacman: 'sudo pacman -S kind',
      brew: 'brew install kind',
      winget: 'winget install Kubernetes.kind',
      choco: 'choco install kind',
      other: 'go install sigs.k8s.io/kind@latest',
    },
    installers: [goInstall('sigs.k8s.io/kind@latest')],
  },
  {
    id: 'firecracker',
    title: 'Firecracker',
    programs: ['firecracker'],
    why: 'microVMs, for scenarios on other Linux kernels; needs /dev/kvm',
    commands: ['e2e'],
    versionArgs: ['--version'],
    parse: versionAfter(/Firecracker v/),
    systems: ['linux'],
    install: { other: 'https://github.com/firecracker-microvm/firecracker/releases' },
    installers: [],
  },
  {
    id: 'toxiproxy-server',
    title: 'ToxiProxy',
    programs: ['toxiproxy-server'],
    why: 'simulates network failures; a proxy of our own works without it',
    commands: ['e2e'],
    versionArgs: ['--version'],
    parse: versionAfter(/toxiproxy-server version v?/),
    install: {
      brew: 'brew install toxiproxy',
      choco: 'choco install toxiproxy-server',
      other: 'go install github.com/Shopify/toxiproxy/v2/cmd/server@latest, then rename "server" to "toxiproxy-server"',
    },
    installers: [goInstall('github.com/Shopify/toxiproxy/v2/cmd/server@latest', 'server')],
  },
];

/** Tools that checks are known to need, and that are listed only then. */
export const OTHER_TOOLS: readonly ToolSpec[] = [
  {
    id: 'golangci-lint',
    title: 'golangci-lint',
    programs: ['golangci-lint'],
    why: 'static analysis of the Go code',
    commands: ['check', 'verify'],
    versionArgs: ['--version'],
    parse: versionAfter(/golangci-lint has version v?/),
    minimum: '2.0',
    install: {
      pacman: 'sudo pacman -S golangci-lint',
      brew: 'brew install golangci-lint',
      choco: 'choco install golangci-lint',
      other: 'https://golangci-lint.run/docs/welcome/install',
    },
    installers: [goInstall('github.com/golangci/golangci-lint/v2/cmd/golangci-lint@latest')],
  },
  {
    id: 'c-compiler',
    title: 'C compiler',
    programs: ['gcc', 'clang', 'cc'],
    why: 'Go needs it for the race detector (-race)',
    commands: ['check', 'verify'],
    versionArgs: ['--version'],
    parse: versionAfter(/^.*?(?:version |\) )/),
    install: {
      apt: 'sudo apt-get install gcc libc6-dev',
      dnf: 'sudo dnf install gcc',
      pacman: 'sudo pacman -S gcc',
      apk: 'sudo apk add gcc musl-dev',
      brew: 'xcode-select --install',
      winget: 'winget install BrechtSanders.WinLibs.POSIX.UCRT',
      choco: 'choco install mingw',
      other: 'https://gcc.gnu.org/install/binaries.html',
    },
    installers: [],
  },
  {
    id: 'protoc-gen-go',
    title: 'protoc-gen-go',
    programs: ['protoc-gen-go'],
    why: 'generates Go code from the protobuf schemas',
    commands: ['check'],
    versionArgs: ['--version'],
    parse: versionAfter(/protoc-gen-go v/),
    install: { other: 'go install google.golang.org/protobuf/cmd/protoc-gen-go@latest' },
    installers: [goInstall('google.golang.org/protobuf/cmd/protoc-gen-go@latest')],
  },
];

/** A program of a check that no table knows: found or not, and nothing more is asked of it. */
export function unknownTool(program: string): ToolSpec {
  return {
    id: program,
    title: program,
    programs: [program],
    why: 'a check runs it',
    commands: ['check', 'verify'],
    install: { other: `Install ${program} and put it on the PATH.` },
    installers: [],
  };
}
