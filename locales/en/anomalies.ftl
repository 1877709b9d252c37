# What the anomalies are called, what is found, and why.
