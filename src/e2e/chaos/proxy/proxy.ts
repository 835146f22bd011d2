import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { HumanError } from '../../../core/base/errors.ts';
import { listen } from '../../services/listen.ts';
import { Pipe } from './pipe.ts';
import { type Toxic, toxicSchema } from './toxic.ts';

interface Link {
  readonly client: Socket;
  readonly server: Socket;
  readonly pipes: readonly Pipe[];
}

/** A TCP proxy on the loopback interface with toxics. Switched off, it refuses connections and cuts those there are. */
export class TcpProxy {
  readonly name: string;
  readonly upstream: string;
  readonly toxics: Toxic[] = [];
  #port: number;
  #server: Server | undefined;
  readonly #links = new Set<Link>();

  constructor(name: string, listenAddress: string, upstream: string) {
    this.name = name;
    this.upstream = upstream;
    this.#port = loopbackPort(listenAddress);
    split(upstream);
  }

  get listen(): string {
    return `127.0.0.1:${this.#port}`;
  }

  get enabled(): boolean {
    return this.#server !== undefined;
  }

  async enable(): Promise<void> {
    if (this.#server !== undefined) return;
    const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => this.#link(client));
    await listen(server, this.#port);
    this.#port = (server.address() as AddressInfo).port;
    this.#server = server;
  }

  async disable(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    for (const { client, server: upstream } of this.#links) {
      client.destroy();
      upstream.destroy();
    }
    if (server !== undefined) await new Promise((resolve) => server.close(resolve));
  }

  /** Throws HumanError `proxy.bad-toxic` and `proxy.toxic-exists`. */
  addToxic(request: unknown): Toxic {
    const parsed = toxicSchema.safeParse(request);
    if (!parsed.success) {
      const issue = parsed.error.issues[0];
      throw new HumanError('proxy.bad-toxic', `The toxic is not valid: ${issue?.path.join('.')}: ${issue?.message}`);
    }
    const name = parsed.data.name ?? `${parsed.data.type}_${parsed.data.stream}`;
    if (this.toxics.some((toxic) => toxic.name === name))
      throw new HumanError('proxy.toxic-exists', `The proxy ${this.name} has a toxic ${name} already.`);
    const toxic = { ...parsed.data, name } as Toxic;
    this.toxics.push(toxic);
    this.#changed();
    return toxic;
  }

  /** False when there is no such toxic. */
  removeToxic(name: string): boolean {
    const index = this.toxics.findIndex((toxic) => toxic.name === name);
    if (index < 0) return false;
    this.toxics.splice(index, 1);
    this.#changed();
    return true;
  }

  clear(): void {
    this.toxics.length = 0;
    this.#changed();
  }

  toJSON(): object {
    return {
      name: this.name,
      listen: this.listen,
      upstream: this.upstream,
      enabled: this.enabled,
      toxics: this.toxics,
    };
  }

  #changed(): void {
    for (const { pipes } of this.#links) for (const pipe of pipes) pipe.changed();
  }

  #link(client: Socket): void {
    const server = connect({ ...split(this.upstream), allowHalfOpen: true, noDelay: true });
    const of = (stream: Toxic['stream']) => () => this.toxics.filter((toxic) => toxic.stream === stream);
    const pipes = [new Pipe(client, server, of('upstream')), new Pipe(server, client, of('downstream'))];
    const link: Link = { client, server, pipes };
    this.#links.add(link);
    let open = 2;
    for (const [socket, other] of [
      [client, server],
      [server, client],
    ] as const) {
      // An upstream that is down, or a side that resets, takes the other side along.
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        if (socket.destroyed && !socket.writableFinished) other.destroy();
        if (--open > 0) return;
        for (const pipe of pipes) pipe.close();
        this.#links.delete(link);
      });
    }
  }
}

function loopbackPort(address: string): number {
  const { host, port } = split(address, true);
  if (host !== '127.0.0.1' && host !== 'localhost' && host !== '') {
    throw new HumanError('proxy.not-loopback', `The proxy would listen on ${host}.`, 'It listens on 127.0.0.1 only.');
  }
  return port;
}

function split(address: string, any = false): { host: string; port: number } {
  const at = address.lastIndexOf(':');
  const port = Number(address.slice(at + 1));
  if (at < 0 || !Number.isInteger(port) || port < (any ? 0 : 1) || port > 65_535) {
    throw new HumanError('proxy.bad-address', `"${address}" is not an address like 127.0.0.1:4318.`);
  }
  return { host: address.slice(0, at), port };
}
