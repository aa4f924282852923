import type { RequestOptions } from 'node:https';
import { KubeConfig, type RequestContext } from '@kubernetes/client-node';
import { Agent, type Dispatcher } from 'undici';

/** Who calls are made as. The caller's own groups do not come along: each that is needed has to be named. */
export interface Identity {
  user: string;
  groups: string[];
}

/** A kubeconfig whose user acts as somebody else. The client's own knows an impersonated user, but no groups (2.0.1). */
export class ImpersonatingConfig extends KubeConfig {
  private connection: Dispatcher | undefined;

  constructor(private readonly identity: Identity) {
    super();
  }

  override async applySecurityAuthentication(context: RequestContext): Promise<void> {
    this.connection ??= await this.connect();
    context.setDispatcher(this.connection);
  }

  private async connect(): Promise<Dispatcher> {
    const { ca, cert, key }: RequestOptions = await this.tls();
    const { user, groups } = this.identity;
    // Each group takes a header of its own. The client's map of headers cannot hold two of a name, and undici joins
    // them to one over HTTP/2.
    const agent = new Agent({ allowH2: false, connect: { ca, cert, key } });
    return agent.compose((dispatch) => (options, handler) => {
      const headers = { ...(options.headers as Record<string, string>) };
      return dispatch(
        { ...options, headers: { ...headers, 'Impersonate-User': user, 'Impersonate-Group': groups } },
        handler,
      );
    });
  }

  private async tls(): Promise<RequestOptions> {
    const options: RequestOptions = {};
    await this.applyToHTTPSOptions(options);
    return options;
  }
}
