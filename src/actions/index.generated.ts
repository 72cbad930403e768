/** Written by src/tools/gen-actions.ts from the files of this folder. */
import type { Action } from './define-action.ts';
import annotateEntry from './annotate.ts';
import approveEntry from './approve.ts';
import autoscaleEntry from './autoscale.ts';
import cloneEntry from './clone.ts';
import cordonEntry from './cordon.ts';
import deleteEntry from './delete.ts';
import denyEntry from './deny.ts';
import drainEntry from './drain.ts';
import exposeEntry from './expose.ts';
import labelEntry from './label.ts';
import nodeShellEntry from './node-shell.ts';
import patchEntry from './patch.ts';
import removeFinalizersEntry from './remove-finalizers.ts';
import resourcesEntry from './resources.ts';
import restartEntry from './restart.ts';
import rolloutDiffEntry from './rollout-diff.ts';
import rolloutHistoryEntry from './rollout-history.ts';
import rolloutPauseEntry from './rollout-pause.ts';
import rolloutResumeEntry from './rollout-resume.ts';
import rolloutStatusEntry from './rollout-status.ts';
import rolloutUndoEntry from './rollout-undo.ts';
import scaleEntry from './scale.ts';
import setImageEntry from './set-image.ts';
import suspendEntry from './suspend.ts';
import taintEntry from './taint.ts';
import triggerEntry from './trigger.ts';
import uncordonEntry from './uncordon.ts';
import unsuspendEntry from './unsuspend.ts';

export const actions: readonly Action[] = [
  annotateEntry,
  approveEntry,
  autoscaleEntry,
  cloneEntry,
  cordonEntry,
  deleteEntry,
  denyEntry,
  drainEntry,
  exposeEntry,
  labelEntry,
  nodeShellEntry,
  patchEntry,
  removeFinalizersEntry,
  resourcesEntry,
  restartEntry,
  rolloutDiffEntry,
  rolloutHistoryEntry,
  rolloutPauseEntry,
  rolloutResumeEntry,
  rolloutStatusEntry,
  rolloutUndoEntry,
  scaleEntry,
  setImageEntry,
  suspendEntry,
  taintEntry,
  triggerEntry,
  uncordonEntry,
  unsuspendEntry,
];
