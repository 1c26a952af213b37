#!/bin/sh
# A run in parts, as an array of Slurm: one task for each part of the models, and one file at the end.
# usage: run.sh submit PARTS     submits the three jobs below, each after the one before
#        run.sh plan             makes the plan, so that no part has to
#        run.sh part             computes the part of this task of the array
#        run.sh merge            joins the parts
# The environment gives what is computed: SYSTEM and PRIOR are files, MODELS and SEED numbers, and FOLDER is a folder
# that all nodes share. The plan is kept in FOLDER, too. OPTIONS, not required, are more options of stratem forward.
#SBATCH --job-name=stratem
#SBATCH --nodes=1
set -eu
: "${SYSTEM:?}" "${PRIOR:?}" "${MODELS:?}" "${SEED:?}" "${FOLDER:?}"
export STRATEM_CACHE="$FOLDER/plans"

forward() {
  # shellcheck disable=SC2086  # several words
  stratem forward "$SYSTEM" --prior "$PRIOR" --seed "$SEED" --threads "${SLURM_CPUS_PER_TASK:-0}" ${OPTIONS:-} "$@"
}

case "${1:-}" in
  submit)
    plan=$(sbatch --parsable --cpus-per-task=16 --time=01:00:00 "$0" plan)
    parts=$(sbatch --parsable --cpus-per-task=16 --time=04:00:00 --requeue --dependency="afterok:$plan" \
      --array="1-${2:?}" "$0" part)
    sbatch --cpus-per-task=1 --time=04:00:00 --dependency="afterok:$parts" "$0" merge
    ;;
  plan)
    forward -n 1 --stats-only "$FOLDER/plan.csv" --force
    ;;
  part)
    # A task that Slurm starts again goes on where it was stopped.
    forward -n "$MODELS" --shard "$SLURM_ARRAY_TASK_ID/$SLURM_ARRAY_TASK_COUNT" --resume \
      -o "$FOLDER/part$SLURM_ARRAY_TASK_ID.h5"
    ;;
  merge)
    stratem merge "$FOLDER"/part*.h5 -o "$FOLDER/responses.h5"
    ;;
  *)
    sed -n '2,8s/^# //p' "$0" >&2
    exit 2
    ;;
esac
