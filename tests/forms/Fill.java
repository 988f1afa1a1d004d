// Fills a form as ODK Collect does, with the JavaRosa that ODK Validate's jar holds, and prints the submission.
import java.io.File;
import java.util.List;
import org.javarosa.core.model.FormDef;
import org.javarosa.core.model.FormIndex;
import org.javarosa.core.model.SelectChoice;
import org.javarosa.core.model.data.*;
import org.javarosa.core.model.data.helper.Selection;
import org.javarosa.core.model.Constants;
import org.javarosa.core.services.transport.payload.ByteArrayPayload;
import org.javarosa.core.util.JavaRosaCoreModule;
import org.javarosa.form.api.FormEntryController;
import org.javarosa.form.api.FormEntryModel;
import org.javarosa.form.api.FormEntryPrompt;
import org.javarosa.model.xform.XFormSerializingVisitor;
import org.javarosa.model.xform.XFormsModule;
import org.javarosa.xform.util.XFormUtils;

public class Fill {
    public static void main(String[] arguments) throws Exception {
        java.io.PrintStream out = System.out;
        System.setOut(System.err);
        new JavaRosaCoreModule().registerModule();
        new XFormsModule().registerModule();
        FormDef form = XFormUtils.getFormFromFormXml(new File(arguments[0]).getAbsolutePath(), null);
        FormEntryModel model = new FormEntryModel(form);
        FormEntryController controller = new FormEntryController(model);
        form.initialize(true, new org.javarosa.core.model.instance.InstanceInitializationFactory());
        controller.jumpToIndex(FormIndex.createBeginningOfFormIndex());
        int event, repeats = 0;
        while ((event = controller.stepToNextEvent()) != FormEntryController.EVENT_END_OF_FORM) {
            if (event == FormEntryController.EVENT_PROMPT_NEW_REPEAT && repeats++ < 2) {
                controller.newRepeat();
            } else if (event == FormEntryController.EVENT_QUESTION) {
                IAnswerData answer = answer(model.getQuestionPrompt());
                if (answer != null && controller.answerQuestion(answer, true) != FormEntryController.ANSWER_OK) {
                    throw new IllegalStateException("refused: " + model.getQuestionPrompt().getLongText());
                }
            }
        }
        form.postProcessInstance();
        ByteArrayPayload payload = (ByteArrayPayload) new XFormSerializingVisitor().createSerializedPayload(form.getInstance());
        payload.getPayloadStream().transferTo(out);
        out.flush();
    }

    private static IAnswerData answer(FormEntryPrompt prompt) {
        if (prompt.getControlType() == Constants.CONTROL_SELECT_ONE) {
            return new SelectOneData(new Selection(prompt.getSelectChoices().get(0)));
        }
        if (prompt.getControlType() == Constants.CONTROL_SELECT_MULTI) {
            List<SelectChoice> choices = prompt.getSelectChoices();
            return new MultipleItemsData(List.of(new Selection(choices.get(0)), new Selection(choices.get(1))));
        }
        switch (prompt.getDataType()) {
            case Constants.DATATYPE_INTEGER: return new IntegerData(7);
            case Constants.DATATYPE_DECIMAL: return new DecimalData(2.5);
            case Constants.DATATYPE_TEXT: return new StringData("rempli par JavaRosa");
            default: return null;
        }
    }
}
