/** The sandbox plays both loyalty providers, a payment system and a fulfilment service, below one origin in one process. */
import Fastify, { type FastifyInstance } from 'fastify';
import { sandboxPaths } from '../programs/sandbox.ts';
import { control, ControlRefusal } from './control.ts';
import { Faults } from './faults.ts';
import { fulfilmentService } from './fulfilment-service.ts';
import { Ledger } from './ledger.ts';
import { loyalife } from './loyalife.ts';
import { addFirstMembers } from './members.ts';
import { paymentSystem } from './payment-system.ts';
import { countBreach, rawPath, type Sandbox } from './service.ts';
import { defaultSwitches } from './switches.ts';
import { Timers } from './timers.ts';
import { whiteLabelLoyalty } from './white-label-loyalty.ts';

export interface SandboxOptions {
  /** With 0, or without a port, the sandbox takes any free one. */
  readonly port?: number;
  readonly host?: string;
  /** Keeps what was committed. Without it, nothing outlives the process. */
  readonly dataFile?: string | undefined;
  /** Returns 0 to below 1, and decides the faults that have a rate. */
  readonly random?: () => number;
}

export interface RunningSandbox {
  readonly origin: string;
  close(): Promise<void>;
}

const services = [
  { name: 'white-label-loyalty', path: sandboxPaths.whiteLabelLoyalty, mount: whiteLabelLoyalty },
  { name: 'loyalife', path: sandboxPaths.loyalife, mount: loyalife },
  { name: 'payment', path: sandboxPaths.payment, mount: paymentSystem },
  { name: 'fulfilment', path: sandboxPaths.fulfilment, mount: fulfilmentService },
] as const;

/** @throws SettingsError when the data file cannot be used; Node's error when the address cannot be listened on. */
export async function startSandbox(options: SandboxOptions = {}): Promise<RunningSandbox> {
  const sandbox: Sandbox = {
    ledger: new Ledger(options.dataFile),
    faults: new Faults(options.random ?? Math.random),
    switches: defaultSwitches(),
    timers: new Timers(),
  };
  addFirstMembers(sandbox.ledger);
  // Connections are closed by force, because one that a fault left hanging would keep a closing sandbox alive.
  const app = Fastify({ forceCloseConnections: true, routerOptions: { maxParamLength: 1_024 } });
  app.addHook('onClose', () => {
    sandbox.timers.close();
    sandbox.ledger.close();
  });
  prepare(app, sandbox);
  try {
    const origin = await app.listen({ port: options.port ?? 0, host: options.host ?? '127.0.0.1' });
    return { origin, close: () => app.close() };
  } catch (error) {
    await app.close();
    throw error;
  }
}

function prepare(app: FastifyInstance, sandbox: Sandbox): void {
  // The body stays text, because a signature covers it as it came.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
  app.setErrorHandler((error, _request, reply) => {
    if (!(error instanceof ControlRefusal)) throw error;
    const { status, field, message } = error;
    return reply.code(status).send({ error: 'refused', field, message });
  });
  app.setNotFoundHandler((request, reply) => {
    const path = rawPath(request);
    const service = services.find((candidate) => path.startsWith(`${candidate.path}/`));
    if (service !== undefined)
      countBreach(
        sandbox,
        service.name,
        `${request.method} ${path.slice(service.path.length)}`,
        'there is no such call',
      );
    return reply.code(404).send({ message: 'There is no such call' });
  });
  control(app, sandbox);
  for (const service of services)
    void app.register(
      (scope, _options, done) => {
        service.mount(scope, sandbox);
        done();
      },
      { prefix: service.path },
    );
}
