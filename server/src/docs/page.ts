/** What Swagger UI loads, and nothing from elsewhere; its icons are `data:` URLs, its own marks are inline styles. */
export const pagePolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Gives the page that shows the document; `root` leads from the page's address to that of the server. */
export function toPage(root: './' | '../'): string {
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>PX: HTTP API</title>
    <link rel="icon" href="${root}docs/favicon-32x32.png">
    <link rel="stylesheet" href="${root}docs/swagger-ui.css">
  </head>
  <body>
    <div id="document" data-url="${root}openapi.json"></div>
    <noscript>This page needs JavaScript; <a href="${root}openapi.json">the document</a> does not.</noscript>
    <script src="${root}docs/swagger-ui-bundle.js"></script>
    <script src="${root}docs/start.js"></script>
  </body>
</html>
`;
}

/** Starts Swagger UI: no validator elsewhere, no document but ours, headings that can be linked to. */
export const startScript = `const domNode = document.getElementById('document');
SwaggerUIBundle({
  domNode,
  url: domNode.dataset.url,
  validatorUrl: null,
  deepLinking: true,
  defaultModelsExpandDepth: 0,
  displayRequestDuration: true,
});
`;
