"""What Understudy can look at: photos today; each modality is a package that reads, decodes and describes its inputs."""
