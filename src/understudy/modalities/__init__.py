"""What Understudy can look at; each modality is a package that reads, decodes and describes its inputs."""
