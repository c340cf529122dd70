/** The box tree of a clip: every part of the file by name, place and size, with what it is for. */
import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { AuditedBox } from '../../contracts/inspect-api.ts';
import { shared } from '../styles/shared.ts';
import { boxRows } from './box-rows.ts';

@customElement('pl-box-tree')
export class BoxTree extends LitElement {
  @property({ attribute: false }) boxes: readonly AuditedBox[] = [];
  /** The file's size, which the parts must add up to. */
  @property({ type: Number }) bytes = 0;

  override render(): TemplateResult {
    const rows = boxRows(this.boxes);
    const accounted = rows.reduce((sum, { own }) => sum + own, 0);
    return html`
      <p class="small figures" role="status">
        ${accounted.toLocaleString('en-US')} of ${this.bytes.toLocaleString('en-US')} bytes accounted for: the column “of its own” added up.
      </p>
      <div class="scroll" tabindex="0" role="region" aria-label="Parts of the file">
        <table class="small figures">
          <thead>
            <tr>
              <th scope="col">Part</th>
              <th scope="col" class="number">At byte</th>
              <th scope="col" class="number">Bytes</th>
              <th scope="col" class="number">Of its own</th>
              <th scope="col">What it is for</th>
            </tr>
          </thead>
          <tbody>
            ${rows.map(
              (row) => html`<tr>
                <th scope="row">
                  <span class="depth depth-${Math.min(6, row.depth)}"><code>${row.name}</code>${row.count > 1 ? html` × ${row.count}` : ''}</span>
                </th>
                <td class="number">${row.offset.toLocaleString('en-US')}</td>
                <td class="number">${row.bytes.toLocaleString('en-US')}</td>
                <td class="number">${row.own.toLocaleString('en-US')}</td>
                <td>${row.meaning}</td>
              </tr>`,
            )}
          </tbody>
        </table>
      </div>
    `;
  }

  static override styles = [
    shared,
    css`
      .scroll {
        overflow: auto;
        max-height: 22rem;
      }

      table {
        border-collapse: collapse;
        width: 100%;
      }

      th,
      td {
        text-align: start;
        padding: 0.25rem 0.7rem 0.25rem 0;
        border-block-end: 1px solid var(--pl-rule);
        vertical-align: top;
      }

      thead th {
        color: var(--pl-quiet);
        position: sticky;
        top: 0;
        background: var(--pl-sheet);
      }

      tbody th {
        font-weight: 400;
        white-space: nowrap;
      }

      .number {
        text-align: end;
      }

      .depth-1 {
        padding-inline-start: 0.9rem;
      }
      .depth-2 {
        padding-inline-start: 1.8rem;
      }
      .depth-3 {
        padding-inline-start: 2.7rem;
      }
      .depth-4 {
        padding-inline-start: 3.6rem;
      }
      .depth-5 {
        padding-inline-start: 4.5rem;
      }
      .depth-6 {
        padding-inline-start: 5.4rem;
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    'pl-box-tree': BoxTree;
  }
}
