import sys

sys.stdout.buffer.write(("%s\n%d.%d.%d" % ((sys.executable,) + sys.version_info[:3])).encode())
