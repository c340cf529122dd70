/** Network requests as a table: those that sending will make, or those that this page has made. */
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { HttpExchange, LedgerEntry } from '../../contracts/share.ts';
import { byteSize, clockTime, dayName, exactBytes, zoneName } from '../format.ts';
import { shared } from '../styles/shared.ts';

/** The path alone where the request went to this page's own origin. */
const shortUrl = (url: string): string =>
  url.startsWith(`${location.origin}/`) ? url.slice(location.origin.length) : url;

@customElement('pl-http-table')
export class HttpTable extends LitElement {
  @property({ attribute: false }) exchanges: readonly HttpExchange[] | null = null;
  @property({ attribute: false }) ledger: readonly LedgerEntry[] | null = null;

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
            <td data-label="Request"><strong>${exchange.method}</strong> <code>${exchange.url}</code></td>
            <td data-label="Why">${exchange.purpose}</td>
            <td data-label="Body" class="number">${exactBytes(exchange.bodyBytes)}</td>
          </tr>`,
        )}
      </tbody>
    </table>`;
  }

  #made(entries: readonly LedgerEntry[]): TemplateResult {
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    return html`<table class="small figures">
      <thead>
        <tr>
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
        ${[...entries]
          .sort((a, b) => b.at - a.at)
          .map(
            (entry) => html`<tr>
              <td data-label="When">${clockTime(entry.at, zone, true)} ${zoneName(entry.at, zone)}<br /><span class="quiet">${dayName(entry.at, zone)}</span></td>
              <td data-label="Request"><strong>${entry.method}</strong> <code>${shortUrl(entry.url)}</code></td>
              <td data-label="Why">${entry.purpose}</td>
              <td data-label="Out" class="number">${byteSize(entry.bytesOut)}</td>
              <td data-label="In" class="number">${byteSize(entry.bytesIn)}</td>
              <td data-label="Answer">${entry.status ?? 'none'}${entry.problem ? html`<br /><span class="problem">${entry.problem}</span>` : nothing}</td>
              <td data-label="SHA-256">${entry.bodySha256 ? html`<code title=${entry.bodySha256}>${entry.bodySha256}</code>` : 'no body'}</td>
            </tr>`,
          )}
      </tbody>
    </table>`;
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

      td code {
        word-break: break-all;
      }

      .number {
        text-align: end;
        white-space: nowrap;
      }

      .problem {
        color: var(--pl-bad);
      }

      /* On a phone each request is a small list of its own: seven columns would be seven letters wide. */
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
        td.number {
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
