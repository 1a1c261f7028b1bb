"""FulfillSim: a simulation and planning workbench for omnichannel fulfilment, with a real routing engine inside."""

__version__ = "0.1.0"
