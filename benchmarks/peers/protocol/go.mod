module alphanode-peers/protocol

go 1.26.0
