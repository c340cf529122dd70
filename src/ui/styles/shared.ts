/** Styles that every screen shares: headings, sheets, quiet text, figures, links, lists of facts, native selects and details. */
import { css } from 'lit';

export const shared = css`
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }

  :host {
    display: block;
  }

  :host([hidden]),
  [hidden] {
    display: none !important;
  }

  h1,
  h2,
  h3,
  h4,
  p,
  ul,
  ol,
  dl,
  dd,
  figure {
    margin: 0;
    padding: 0;
  }

  ul,
  ol {
    list-style: none;
  }

  h1,
  h2,
  h3 {
    font-family: var(--pl-font-title);
    font-weight: 600;
    line-height: 1.2;
    letter-spacing: -0.005em;
    text-wrap: balance;
    overflow-wrap: anywhere;
  }

  h1 {
    font-size: clamp(1.7rem, 1.35rem + 1.6vw, 2.35rem);
  }

  h1:focus {
    outline: none;
  }

  h2 {
    font-size: 1.3rem;
  }

  h3 {
    font-size: 1.06rem;
  }

  p {
    text-wrap: pretty;
    overflow-wrap: anywhere;
  }

  a {
    color: var(--pl-blue);
    text-underline-offset: 0.18em;
    text-decoration-thickness: 1px;
  }

  a:focus-visible,
  button:focus-visible,
  summary:focus-visible,
  select:focus-visible,
  input:focus-visible,
  video:focus-visible,
  [tabindex]:focus-visible {
    outline: 3px solid var(--wa-color-focus);
    outline-offset: 2px;
    border-radius: 4px;
  }

  code,
  .code {
    font-family: var(--pl-font-code);
    font-size: 0.86em;
    overflow-wrap: anywhere;
  }

  .quiet {
    color: var(--pl-quiet);
  }

  .small {
    font-size: 0.875rem;
  }

  .label {
    font-size: 0.75rem;
    font-weight: 600;
    letter-spacing: 0.06em;
    text-transform: uppercase;
    color: var(--pl-quiet);
  }

  .figures {
    font-variant-numeric: tabular-nums lining-nums;
  }

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

  .field {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    justify-items: start;
    gap: 0.3rem;
  }

  .field > label {
    font-weight: 600;
    font-size: 0.95rem;
  }

  .field > .hint {
    font-size: 0.875rem;
    color: var(--pl-quiet);
  }

  select,
  input[type='datetime-local'],
  input[inputmode='decimal'] {
    font: inherit;
    min-width: 0;
    color: inherit;
    min-height: 2.6rem;
    padding: 0.3rem 0.7rem;
    max-width: 100%;
    border-radius: var(--wa-border-radius-m);
    border: 1px solid var(--pl-edge);
    background-color: var(--wa-form-control-background-color);
  }

  details > summary {
    cursor: pointer;
    min-height: 1.75rem;
    font-weight: 600;
  }

  details > summary > h2,
  details > summary > h3 {
    display: inline;
  }

  video {
    display: block;
    width: 100%;
    max-height: 70vh;
    background: #05080f;
    border-radius: var(--pl-radius);
  }

  @media (prefers-reduced-motion: reduce) {
    wa-dialog {
      --show-duration: 0ms;
      --hide-duration: 0ms;
    }
  }

  .hidden-visually:not(:focus, :active) {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
`;
