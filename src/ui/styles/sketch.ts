/** The sketch map's colours and lines. */
import { css } from 'lit';

export const sketchStyles = css`
  figure {
    border: 1px solid var(--pl-rule);
    border-radius: var(--pl-radius);
    overflow: hidden;
    background: var(--pl-sheet);
  }

  figcaption {
    padding: 0.4rem 0.8rem;
    border-block-start: 1px solid var(--pl-rule);
  }

  svg {
    display: block;
    width: 100%;
    height: auto;
    font: 600 12px var(--pl-font);
    fill: none;
    stroke-linecap: round;
    stroke-linejoin: round;
  }

  .pickable {
    cursor: crosshair;
  }

  .grid {
    stroke: var(--pl-rule);
    stroke-width: 1;
    opacity: 0.55;
  }

  .area {
    fill: var(--pl-blue);
    fill-opacity: 0.12;
    stroke: var(--pl-blue);
    stroke-width: 1.75;
  }

  .reach {
    stroke: var(--pl-quiet);
    stroke-width: 1;
    stroke-dasharray: 2 4;
  }

  .leader {
    stroke: var(--pl-quiet);
    stroke-width: 1;
  }

  .incident path {
    stroke: var(--pl-ink);
    stroke-width: 2.5;
  }

  .camera .dot {
    fill: var(--pl-quiet);
    stroke: var(--pl-sheet);
    stroke-width: 2;
  }

  .camera.inside .dot {
    fill: var(--pl-amber);
    stroke: var(--pl-on-amber);
    stroke-width: 1.25;
  }

  .camera.inside .glow {
    fill: var(--pl-amber);
    fill-opacity: 0.35;
  }

  text {
    fill: var(--pl-ink);
    stroke: var(--pl-sheet);
    stroke-width: 3.5;
    paint-order: stroke;
  }

  .far,
  .furniture text {
    font-weight: 400;
    font-size: 11.5px;
    fill: var(--pl-quiet);
  }

  .chosen circle,
  .chosen path {
    stroke: var(--pl-amber-text);
    stroke-width: 2;
  }

  .furniture path {
    stroke: var(--pl-quiet);
    stroke-width: 1.5;
  }
`;
