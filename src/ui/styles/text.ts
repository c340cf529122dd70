/** Ground and words: box sizes, headings, links, focus, code, quiet and small text, figures, what only screen readers see. */
import { css } from 'lit';

export const text = css`
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

  .hidden-visually:not(:focus, :active) {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
`;
