import * as vscode from 'vscode';
import { isTaskNode, type TaskNode } from './tasks.ts';

const MIME = 'application/vnd.code.tree.infrabuilder.tasks';

/** Drag and drop takes the same ways as the commands: into done only through the gate. */
export class TaskMoves implements vscode.TreeDragAndDropController<TaskNode> {
  readonly dragMimeTypes = [MIME];
  readonly dropMimeTypes = [MIME];

  handleDrag(nodes: readonly TaskNode[], data: vscode.DataTransfer): void {
    data.set(MIME, new vscode.DataTransferItem(nodes.filter(isTaskNode)));
  }

  async handleDrop(onto: TaskNode | undefined, data: vscode.DataTransfer): Promise<void> {
    const status = onto?.kind === 'status' ? onto.status : isTaskNode(onto) ? onto.row.status : undefined;
    const nodes: unknown = data.get(MIME)?.value;
    if (status === undefined || !Array.isArray(nodes)) return;
    for (const node of nodes.filter(isTaskNode)) {
      const from = node.row.status;
      if (from === status) continue;
      if (status === 'pending') {
        const message = vscode.l10n.t(
          '{0} was begun: its evidence says so. It cannot become pending again.',
          node.row.slug,
        );
        void vscode.window.showWarningMessage(message);
      } else if (status === 'done') await vscode.commands.executeCommand('infrabuilder.taskComplete', node);
      else await vscode.commands.executeCommand(`infrabuilder.${from === 'done' ? 'taskReopen' : 'taskOpen'}`, node);
    }
  }
}
