#!/bin/bash
# A class in 16 parts on Slurm: `sbatch --array=0-15 docs/examples/slurm.sh class.zip /shared/class recurrence`, from
# the repository's folder on a disk that all nodes share. Submit it again to go on with whatever was stopped.
#SBATCH --job-name=grade
#SBATCH --array=0-15
#SBATCH --nodes=1
#SBATCH --ntasks=1
#SBATCH --cpus-per-task=8
#SBATCH --mem=16G
#SBATCH --time=04:00:00
#SBATCH --requeue
# Slurm's first signal ends the run gently, a minute before it is killed.
#SBATCH --signal=TERM@60
set -eu

source="$1" store="$2" set="$3"

exec .venv/bin/python -m autograder class grade "$source" --out "$store" --set "$set" \
    --workers "$SLURM_CPUS_PER_TASK" \
    --shard "$SLURM_ARRAY_TASK_ID/$SLURM_ARRAY_TASK_COUNT"
