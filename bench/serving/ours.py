"""Serves the app under load as `understudy serve` serves the product's: `python -m bench.serving.ours PORT`."""

import sys

import uvicorn

from understudy.cli.serve import config_of

APP = "bench.serving.app:app_from_environment"

if __name__ == "__main__":
    uvicorn.Server(config_of(APP, port=int(sys.argv[1]))).run()
