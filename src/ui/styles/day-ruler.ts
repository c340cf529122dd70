/** The day ruler's colours: the strip of a camera's day, recordings on it, those of doubtful time dashed. */
import { css } from 'lit';

export const dayRulerStyles = css`
  svg {
    display: block;
    width: 100%;
    height: auto;
    font: 400 12px var(--pl-font);
    font-variant-numeric: tabular-nums;
  }

  .zone {
    margin-block-end: 0.2rem;
  }

  .tick path {
    stroke: var(--pl-rule);
  }

  text {
    fill: var(--pl-quiet);
  }

  text.name {
    font-weight: 600;
    font-size: 13px;
    fill: var(--pl-ink);
    stroke: var(--pl-paper);
    stroke-width: 4;
    paint-order: stroke;
  }

  .strip {
    fill: var(--pl-sunk);
  }

  [role='toolbar'] {
    cursor: pointer;
  }

  .bar rect {
    fill: var(--pl-blue);
  }

  .bar.unsure rect {
    fill: var(--pl-amber);
    fill-opacity: 0.35;
    stroke: var(--pl-amber-text);
    stroke-dasharray: 3 2;
  }

  .bar.pointed rect {
    fill: var(--pl-ink);
    fill-opacity: 1;
  }

  .bar:focus-visible {
    outline: none;
  }

  .bar:focus-visible rect {
    stroke: var(--wa-color-focus);
    stroke-width: 3;
    stroke-dasharray: none;
  }

  .readout {
    margin-block-start: 0.4rem;
    min-height: 1.6em;
  }
`;
