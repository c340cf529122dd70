/** What a screen does with comments, one at a time, and how it ended in words: publish, take back, remove as a reviewer. */
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { CommentView } from '../../contracts/comments.ts';
import type { RejectionCode } from '../../contracts/request.ts';
import type { Result } from '../../contracts/result.ts';
import type { HeldKeys, Roles } from '../../contracts/roles-api.ts';
import { sayFailure } from '../role-words.ts';

export class CommentDeeds implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  busy = false;
  /** What was done, for a live region. */
  message = '';
  /** What could not be done, and why. */
  problem = '';
  /** Of the comment that could not be published. */
  writeProblem = '';

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  hostConnected(): void {
    this.message = '';
    this.problem = '';
    this.writeProblem = '';
  }

  /** True once it is published. */
  async write(roles: Roles, requestId: string, name: string, text: string): Promise<boolean> {
    this.writeProblem = '';
    const failed = await this.#run(() => roles.postComment(requestId, name, text), 'Your comment is public now.');
    this.writeProblem = failed;
    this.#host.requestUpdate();
    return failed === '';
  }

  async withdraw(roles: Roles, comment: CommentView): Promise<void> {
    this.problem = await this.#run(() => roles.removeMyComment(comment), 'Your comment is removed.');
    this.#host.requestUpdate();
  }

  async moderate(
    roles: Roles,
    keys: HeldKeys,
    comment: CommentView,
    code: RejectionCode,
    reason: string,
  ): Promise<void> {
    const remove = (): ReturnType<Roles['removeComment']> => roles.removeComment(keys.id, comment, code, reason);
    this.problem = await this.#run(remove, 'The comment is removed. Your reason stands in its place.');
    this.#host.requestUpdate();
  }

  /** The sentence of the failure; empty when there was none. */
  async #run(deed: () => Promise<Result<unknown, string>>, done: string): Promise<string> {
    if (this.busy) return 'Wait until the last one is done.';
    this.busy = true;
    this.message = '';
    this.problem = '';
    this.#host.requestUpdate();
    const result = await deed();
    this.busy = false;
    if (result.ok) this.message = done;
    return result.ok ? '' : sayFailure(result);
  }
}
