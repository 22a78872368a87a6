# Lets `flask check` and the other commands find the application.
FLASK_APP=app
