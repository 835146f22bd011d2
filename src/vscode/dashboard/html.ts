import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';

/** The empty page: scripts and styles of ours alone, nothing from the network. */
export function page(webview: vscode.Webview, media: vscode.Uri): string {
  const nonce = randomBytes(16).toString('base64');
  const at = (name: string): string => webview.asWebviewUri(vscode.Uri.joinPath(media, name)).toString();
  return `<!DOCTYPE html>
<html lang="${vscode.env.language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src ${webview.cspSource}; script-src 'nonce-${nonce}'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${at('dashboard.css')}">
<title>InfraBuilder</title>
</head>
<body>
<main id="dashboard" aria-busy="true"></main>
<script nonce="${nonce}" src="${at('dashboard.js')}"></script>
</body>
</html>`;
}

/** A report as it is, but unable to run or load anything. */
export function reportPage(html: string): string {
  const policy = `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">`;
  return /<head[^>]*>/i.test(html) ? html.replace(/<head[^>]*>/i, (head) => `${head}${policy}`) : `${policy}${html}`;
}
