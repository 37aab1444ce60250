/** What the script and people may do to campuses and runs. */
export const clusterActions: readonly string[] = [
  'trip-campus',
  'return-campus',
  'pause-run',
  'resume-run',
  'silence-campus',
  'restore-campus',
  'fail-checkpoint',
];
