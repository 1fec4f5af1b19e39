"""From one data set to the networks that methods infer from it, and to the page that shows them."""
