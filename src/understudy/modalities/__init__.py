"""What Understudy can look at: photos today. Each modality is a package that reads, decodes and describes its inputs."""
