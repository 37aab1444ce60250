/** What the script and people may do to campuses and runs. */
export const clusterActions: readonly string[] = [
  'trip-campus',
  'return-campus',
  'dip-campus',
  'pause-run',
  'resume-run',
  'move-run',
  'silence-campus',
  'restore-campus',
  'fail-checkpoint',
];
