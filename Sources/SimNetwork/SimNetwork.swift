// SimNetwork
