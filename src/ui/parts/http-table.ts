/** Network requests as a table: those that sending will make, or those that this page has made. */
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { LedgerLine, LedgerRequest } from '../../contracts/ledger.ts';
import type { HttpExchange } from '../../contracts/share.ts';
import { ledgerRequests } from '../../core/ledger-chain.ts';
import { byteSize, clockTime, dayName, exactBytes, zoneName } from '../format.ts';
import { shared } from '../styles/shared.ts';

/** The path alone where the request went to this page's own origin. */
const shortUrl = (url: string): string =>
  url.startsWith(`${location.origin}/`) ? url.slice(location.origin.length) : url;

@customElement('pl-http-table')
export class HttpTable extends LitElement {
  @property({ attribute: false }) exchanges: readonly HttpExchange[] | null = null;
  @property({ attribute: false }) ledger: readonly LedgerLine[] | null = null;

  override render(): TemplateResult {
    return html`<div class="scroll" tabindex="0" role="region" aria-label=${this.ledger ? 'Table of requests made' : 'Table of planned requests'}>
      ${this.exchanges ? this.#planned(this.exchanges) : nothing} ${this.ledger ? this.#made(this.ledger) : nothing}
    </div>`;
  }

  #planned(exchanges: readonly HttpExchange[]): TemplateResult {
    return html`<table class="small figures">
      <thead>
        <tr><th scope="col">Request</th><th scope="col">Why</th><th scope="col" class="number">Body</th></tr>
      </thead>
      <tbody>
        ${exchanges.map(
          (exchange) => html`<tr>
            <td data-label="Request">
              <strong>${exchange.method}</strong> <code>${exchange.url}</code>
              <ul class="headers quiet">${Object.entries(exchange.headers).map(([name, value]) => html`<li><code>${name}: ${value}</code></li>`)}</ul>
            </td>
            <td data-label="Why">${exchange.purpose}</td>
            <td data-label="Body" class="number">${exactBytes(exchange.bodyBytes)}</td>
          </tr>`,
        )}
      </tbody>
    </table>`;
  }

  #made(lines: readonly LedgerLine[]): TemplateResult {
    return html`<table class="small figures">
      <thead>
        <tr>
          <th scope="col" class="number">No.</th>
          <th scope="col">When</th>
          <th scope="col">Request</th>
          <th scope="col">Why</th>
          <th scope="col" class="number">Out</th>
          <th scope="col" class="number">In</th>
          <th scope="col">Answer</th>
          <th scope="col">SHA-256 of the body</th>
        </tr>
      </thead>
      <tbody>
        ${repeat(
          [...ledgerRequests(lines)].reverse(),
          (request) => request.seq,
          (request) => this.#row(request),
        )}
      </tbody>
    </table>`;
  }

  #row(request: LedgerRequest): TemplateResult {
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    const when = html`<td data-label="When">
      ${clockTime(request.at, zone, true)} ${zoneName(request.at, zone)}<br /><span class="quiet">${dayName(request.at, zone)}</span>
    </td>`;
    const number = html`<td data-label="No." class="number">${request.seq}</td>`;
    if (request.kind === 'cleared') {
      return html`<tr class="cleared">${number}${when}<td data-label="Ledger" colspan="6">${request.purpose}</td></tr>`;
    }
    const blocked = request.kind === 'blocked';
    return html`<tr>
      ${number}${when}
      <td data-label="Request">${blocked ? html`<span class="chip bad">Blocked</span>` : html`<strong>${request.method}</strong>`} <code>${shortUrl(request.url)}</code></td>
      <td data-label="Why">${request.purpose}</td>
      <td data-label="Out" class="number">${byteSize(request.bytesOut)}</td>
      <td data-label="In" class="number">${byteSize(request.bytesIn)}</td>
      <td data-label="Answer">${request.answered ? (request.status ?? 'none') : 'not written down: the page was closed, or it is still on its way'}${request.problem ? html`<br /><span class="problem">${request.problem}</span>` : nothing}</td>
      <td data-label="SHA-256">${request.bodySha256 ? html`<code title=${request.bodySha256}>${request.bodySha256}</code>` : 'no body'}</td>
    </tr>`;
  }

  static override styles = [
    shared,
    css`
      .scroll {
        position: relative;
        overflow: auto;
        max-height: 34rem;
      }

      table {
        border-collapse: collapse;
        width: 100%;
      }

      th,
      td {
        text-align: start;
        vertical-align: top;
        padding: 0.4rem 1rem 0.4rem 0;
        border-block-end: 1px solid var(--pl-rule);
      }

      thead th {
        color: var(--pl-quiet);
        white-space: nowrap;
        position: sticky;
        top: 0;
        background: var(--pl-sheet);
      }

      td {
        min-width: 5.5rem;
      }

      td:first-child {
        min-width: 2.5rem;
      }

      td[data-label='Request'] {
        min-width: 12rem;
      }

      td[data-label='Why'] {
        min-width: 9rem;
      }

      td[data-label='When'] {
        white-space: nowrap;
      }

      td code {
        word-break: break-all;
      }

      .headers {
        margin: 0;
        padding: 0;
        list-style: none;
      }

      .number {
        text-align: end;
        white-space: nowrap;
      }

      .problem {
        color: var(--pl-bad);
      }

      /* On a phone each request is a small list of its own: eight columns would be seven letters wide. */
      @media (max-width: 40rem) {
        thead {
          position: absolute;
          clip-path: inset(50%);
        }

        tr {
          display: block;
          padding-block: 0.5rem;
          border-block-end: 1px solid var(--pl-rule);
        }

        td,
        td.number,
        td[data-label='Request'],
        td[data-label='Why'] {
          min-width: 0;
          display: block;
          position: relative;
          padding: 0.15rem 0 0.15rem 5.5rem;
          border: 0;
          text-align: start;
        }

        td::before {
          content: attr(data-label);
          position: absolute;
          inset-inline-start: 0;
          color: var(--pl-quiet);
        }
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    'pl-http-table': HttpTable;
  }
}
