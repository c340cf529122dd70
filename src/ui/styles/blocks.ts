/** What screens are put together from: sheets, stacks, rows, chips, notices, empty states, lists of facts. */
import { css } from 'lit';

export const blocks = css`
  .sheet {
    background: var(--pl-sheet);
    border: 1px solid var(--pl-rule);
    border-radius: var(--pl-radius);
    box-shadow: var(--pl-shadow);
    padding: 1.1rem;
  }

  .stack > * + * {
    margin-block-start: 1rem;
  }

  .stack-s > * + * {
    margin-block-start: 0.5rem;
  }

  .row {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.6rem;
  }

  .between {
    justify-content: space-between;
  }

  .chip {
    display: inline-flex;
    align-items: center;
    gap: 0.35em;
    padding: 0.1rem 0.55rem;
    border-radius: 99px;
    font-size: 0.8125rem;
    font-weight: 600;
    line-height: 1.6;
    background: var(--pl-sunk);
    color: var(--pl-ink);
    white-space: nowrap;
  }

  .chip.amber {
    background: var(--pl-amber-quiet);
    color: var(--pl-amber-text);
  }

  .chip.good {
    background: var(--pl-good-quiet);
    color: var(--pl-good);
  }

  .chip.bad {
    background: var(--pl-bad-quiet);
    color: var(--pl-bad);
  }

  .notice {
    display: grid;
    grid-template-columns: auto 1fr;
    gap: 0.2rem 0.7rem;
    padding: 0.8rem 1rem;
    border-radius: var(--pl-radius);
    border: 1px solid var(--pl-rule);
    background: var(--pl-sheet);
  }

  .notice > wa-icon {
    margin-block-start: 0.2em;
    font-size: 1.1rem;
  }

  .notice > wa-icon ~ * {
    grid-column: 2;
  }

  .notice.amber {
    background: var(--pl-amber-quiet);
    border-color: var(--pl-amber-edge);
  }

  .notice.amber > wa-icon {
    color: var(--pl-amber-text);
  }

  .notice.bad {
    background: var(--pl-bad-quiet);
    border-color: var(--wa-color-danger-border-quiet);
  }

  .notice.bad > wa-icon {
    color: var(--pl-bad);
  }

  .notice.good {
    background: var(--pl-good-quiet);
    border-color: var(--wa-color-success-border-quiet);
  }

  .notice.good > wa-icon {
    color: var(--pl-good);
  }

  .empty {
    padding: 2rem 1.25rem;
    border: 1px dashed var(--pl-edge);
    border-radius: var(--pl-radius);
    text-align: center;
  }

  .empty > wa-icon {
    font-size: 2.2rem;
    color: var(--pl-amber-text);
  }

  .empty p {
    max-width: 34rem;
    margin-inline: auto;
  }

  .facts {
    display: grid;
    grid-template-columns: minmax(7rem, max-content) 1fr;
    gap: 0.4rem 1.1rem;
  }

  .facts dt {
    color: var(--pl-quiet);
    font-size: 0.875rem;
    padding-block-start: 0.1rem;
  }

  .facts dd {
    overflow-wrap: anywhere;
    min-width: 0;
  }

  @media (max-width: 26rem) {
    .facts {
      grid-template-columns: 1fr;
      gap: 0;
    }

    .facts dd {
      margin-block-end: 0.5rem;
    }
  }
`;
